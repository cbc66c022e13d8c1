"""Writes the part as files. It knows nothing of the program, only shapes, names and colors."""

import re
import zipfile
from xml.sax.saxutils import quoteattr

import numpy
from OCP.BRep import BRep_Builder, BRep_Tool
from OCP.BRepBndLib import BRepBndLib
from OCP.BRepBuilderAPI import BRepBuilderAPI_Transform
from OCP.BRepMesh import BRepMesh_IncrementalMesh
from OCP.BinTools import BinTools
from OCP.Bnd import Bnd_Box
from OCP.IFSelect import IFSelect_RetDone
from OCP.Interface import Interface_Static
from OCP.Message import Message_ProgressRange
from OCP.Quantity import Quantity_ColorRGBA
from OCP.RWGltf import RWGltf_CafWriter
from OCP.RWMesh import RWMesh_CoordinateSystem
from OCP.STEPCAFControl import STEPCAFControl_Writer
from OCP.STEPControl import STEPControl_StepModelType
from OCP.TCollection import TCollection_AsciiString, TCollection_ExtendedString
from OCP.TColStd import TColStd_IndexedDataMapOfStringString
from OCP.TDF import TDF_Label
from OCP.TDataStd import TDataStd_Name
from OCP.TDocStd import TDocStd_Document
from OCP.TopAbs import TopAbs_Orientation, TopAbs_ShapeEnum
from OCP.TopExp import TopExp_Explorer
from OCP.TopLoc import TopLoc_Location
from OCP.TopoDS import TopoDS, TopoDS_Compound, TopoDS_Iterator, TopoDS_Shape
from OCP.UnitsMethods import UnitsMethods_LengthUnit
from OCP.XCAFDoc import XCAFDoc_ColorType, XCAFDoc_DocumentTool

# Millimeters that a triangle may be off the surface: a part in so many of the diagonal, within these bounds.
_DEFLECTION_PARTS = 1500
_DEFLECTION_BOUNDS = (0.005, 0.1)
# Radians between neighboring triangles' normals.
_ANGLE = 0.1
_NAME = "part"


class ExportError(Exception):
    pass


class Part:
    def __init__(self, name, color, shape):
        self.name = name
        self.color = color
        self.shape = shape


def unpack(described, stream):
    """The parts that the program's process sent."""
    whole = TopoDS_Shape()
    BinTools.Read_s(whole, stream)
    if whole.IsNull():
        raise ExportError("the part could not be read back")
    children, iterator = [], TopoDS_Iterator(whole)
    while iterator.More():
        children.append(iterator.Value())
        iterator.Next()
    if len(children) != len(described):
        raise ExportError("the part could not be read back")
    taken, parts = set(), []
    for index, (entry, shape) in enumerate(zip(described, children)):
        fallback = _NAME if len(children) == 1 else f"{_NAME} {index + 1}"
        name = re.sub(r"[^\w .,+()-]", "_", entry["name"])[:64].strip() or fallback
        unique, number = name, 1
        while unique in taken:
            number += 1
            unique = f"{name} {number}"
        taken.add(unique)
        parts.append(Part(unique, entry["color"], shape))
    return parts


def write(parts, form, folder):
    """Writes the part in the form asked for, and `check.stl`; both in mm but for GLB."""
    whole = TopoDS_Compound()
    builder = BRep_Builder()
    builder.MakeCompound(whole)
    for part in parts:
        builder.Add(whole, part.shape)
    _mesh(whole)
    surfaces = [_triangles(part.shape) for part in parts]
    _write_stl(surfaces, f"{folder}/check.stl")
    if form == "STEP":
        _write_step(parts, f"{folder}/part.step")
    elif form == "STL":
        _write_stl(surfaces, f"{folder}/part.stl")
    elif form == "GLB":
        _write_glb(parts, f"{folder}/part.glb")
    elif form == "3MF":
        _write_3mf(parts, surfaces, f"{folder}/part.3mf")
    else:
        raise ExportError(f"{form} is not known")


def _mesh(shape):
    box = Bnd_Box()
    BRepBndLib.Add_s(shape, box)
    if box.IsVoid():
        raise ExportError("the part has no extent")
    diagonal = box.SquareExtent() ** 0.5
    low, high = _DEFLECTION_BOUNDS
    deflection = min(max(diagonal / _DEFLECTION_PARTS, low), high)
    # No threads: they are not to be had here, and the triangles are the same each time.
    mesh = BRepMesh_IncrementalMesh(shape, deflection, False, _ANGLE, False)
    if not mesh.IsDone():
        raise ExportError("the part's surface could not be cut into triangles")


def _document(parts):
    document = TDocStd_Document(TCollection_ExtendedString("BinXCAF"))
    XCAFDoc_DocumentTool.SetLengthUnit_s(document, 1.0, UnitsMethods_LengthUnit.UnitsMethods_LengthUnit_Millimeter)
    shapes = XCAFDoc_DocumentTool.ShapeTool_s(document.Main())
    shapes.SetAutoNaming_s(False)
    colors = XCAFDoc_DocumentTool.ColorTool_s(document.Main())
    whole = None
    if len(parts) > 1:
        whole = shapes.NewShape()
        TDataStd_Name.Set_s(whole, TCollection_ExtendedString("assembly"))
    for part in parts:
        # A product is in its own place, and a component moves it to where it is.
        place = part.shape.Location()
        own = part.shape.Located(TopLoc_Location())
        if whole is None and not place.IsIdentity():
            own = BRepBuilderAPI_Transform(own, place.Transformation(), True).Shape()
        label = TDF_Label()
        if not shapes.FindShape(own, label):
            label = shapes.AddShape(own, False)
            TDataStd_Name.Set_s(label, TCollection_ExtendedString(part.name, True))
        if whole is not None:
            label = shapes.AddComponent(whole, label, place)
            TDataStd_Name.Set_s(label, TCollection_ExtendedString(part.name, True))
        if part.color:
            colors.SetColor(label, Quantity_ColorRGBA(*part.color), XCAFDoc_ColorType.XCAFDoc_ColorGen)
    if whole is not None:
        shapes.UpdateAssemblies()
    return document


def _write_step(parts, path):
    writer = STEPCAFControl_Writer()
    Interface_Static.SetCVal_s("write.step.unit", "MM")
    Interface_Static.SetCVal_s("write.step.product.name", _NAME)
    writer.SetNameMode(True)
    writer.SetColorMode(True)
    if not writer.Transfer(_document(parts), STEPControl_StepModelType.STEPControl_AsIs):
        raise ExportError("STEP: the part could not be translated")
    if writer.Write(path) != IFSelect_RetDone.IFSelect_RetDone:
        raise ExportError("STEP: the file could not be written")


def _write_glb(parts, path):
    # glTF 2.0, 3.4: meters, and y up.
    writer = RWGltf_CafWriter(TCollection_AsciiString(path), True)
    writer.SetMergeFaces(True)
    converter = writer.ChangeCoordinateSystemConverter()
    converter.SetInputLengthUnit(0.001)
    converter.SetInputCoordinateSystem(RWMesh_CoordinateSystem.RWMesh_CoordinateSystem_Zup)
    if not writer.Perform(_document(parts), TColStd_IndexedDataMapOfStringString(), Message_ProgressRange()):
        raise ExportError("GLB")


def _triangles(shape):
    """Corners that neighbors share, and triangles that turn left seen from outside.

    Faces are cut one by one. Where they meet, their corners differ by rounding errors, and by less than is kept here.
    """
    numbers, corners, triangles = {}, [], []
    explorer = TopExp_Explorer(shape, TopAbs_ShapeEnum.TopAbs_FACE)
    while explorer.More():
        face = TopoDS.Face_s(explorer.Current())
        explorer.Next()
        location = TopLoc_Location()
        mesh = BRep_Tool.Triangulation_s(face, location)
        if mesh is None:
            # A face without extent has none. If it is another, the check finds the hole.
            continue
        place = location.Transformation()
        own = []
        for index in range(1, mesh.NbNodes() + 1):
            point = mesh.Node(index).Transformed(place)
            # Adding 0 leaves no -0, which would be another corner.
            corner = (round(point.X(), 6) + 0.0, round(point.Y(), 6) + 0.0, round(point.Z(), 6) + 0.0)
            number = numbers.setdefault(corner, len(corners))
            if number == len(corners):
                corners.append(corner)
            own.append(number)
        turned = face.Orientation() == TopAbs_Orientation.TopAbs_REVERSED
        for index in range(1, mesh.NbTriangles() + 1):
            a, b, c = (own[corner - 1] for corner in mesh.Triangle(index).Get())
            if a != b and b != c and c != a:
                triangles.append((a, c, b) if turned else (a, b, c))
    if not triangles:
        raise ExportError("the part's surface could not be cut into triangles")
    return corners, triangles


def _write_stl(surfaces, path):
    corners = numpy.concatenate(
        [numpy.array(corners, dtype="<f4")[numpy.array(triangles)] for corners, triangles in surfaces]
    )
    edges = (corners[:, 1:] - corners[:, :1]).astype("<f8")
    normals = numpy.cross(edges[:, 0], edges[:, 1])
    lengths = numpy.linalg.norm(normals, axis=1, keepdims=True)
    normals /= numpy.where(lengths > 0, lengths, 1)
    records = numpy.zeros(len(corners), dtype=[("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
    records["normal"] = normals
    records["corners"] = corners
    with open(path, "wb") as file:
        file.write(b"CadQuery, mm".ljust(80))
        file.write(len(records).to_bytes(4, "little"))
        file.write(records.tobytes())


def _write_3mf(parts, surfaces, path):
    # 3MF Core Specification 1.3; a part an object, all of them items of the build.
    model = ['<?xml version="1.0" encoding="UTF-8"?>\n<model unit="millimeter" xml:lang="en-US" ']
    model.append('xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">\n<resources>\n')
    for number, (part, (corners, triangles)) in enumerate(zip(parts, surfaces), 1):
        model.append(f'<object id="{number}" type="model" name={quoteattr(part.name)}><mesh><vertices>\n')
        model.extend(f'<vertex x="{x:.6f}" y="{y:.6f}" z="{z:.6f}"/>\n' for x, y, z in corners)
        model.append("</vertices><triangles>\n")
        model.extend(f'<triangle v1="{a}" v2="{b}" v3="{c}"/>\n' for a, b, c in triangles)
        model.append("</triangles></mesh></object>\n")
    model.append("</resources>\n<build>\n")
    model.extend(f'<item objectid="{number}"/>\n' for number in range(1, len(parts) + 1))
    model.append("</build>\n</model>\n")
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.ms-package.3dmanufacturing-3dmodel+xml"
    files = {
        "[Content_Types].xml": f'<?xml version="1.0" encoding="UTF-8"?>\n<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="model" ContentType="{kind}"/></Types>\n',
        "_rels/.rels": f'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="{package}/relationships">'
        '<Relationship Target="/3D/3dmodel.model" Id="rel0" '
        'Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>\n',
        "3D/3dmodel.model": "".join(model),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            # The same part is the same file: no time of day in it.
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
