#if Server
  /// The files of the page; the build puts them into the program.
  enum PageFiles {
    static let all: [(name: String, bytes: [UInt8])] = [
      ("index.html", PackageResources.index_html),
      ("analysis.js", PackageResources.analysis_js),
      ("api.js", PackageResources.api_js),
      ("app.js", PackageResources.app_js),
      ("camera.js", PackageResources.camera_js),
      ("dom.js", PackageResources.dom_js),
      ("errors.js", PackageResources.errors_js),
      ("files.js", PackageResources.files_js),
      ("generation.js", PackageResources.generation_js),
      ("icon.svg", PackageResources.icon_svg),
      ("log.js", PackageResources.log_js),
      ("maker.js", PackageResources.maker_js),
      ("numbers.js", PackageResources.numbers_js),
      ("parts-list.js", PackageResources.parts_list_js),
      ("renderer.js", PackageResources.renderer_js),
      ("report.js", PackageResources.report_js),
      ("stage.js", PackageResources.stage_js),
      ("stl-worker.js", PackageResources.stl_worker_js),
      ("stl.js", PackageResources.stl_js),
      ("style.css", PackageResources.style_css),
      ("thickness.js", PackageResources.thickness_js),
      ("tool-forms.js", PackageResources.tool_forms_js),
      ("tools.js", PackageResources.tools_js),
      ("upload.js", PackageResources.upload_js),
      ("viewer.js", PackageResources.viewer_js),
      ("work.js", PackageResources.work_js),
      ("workspace.js", PackageResources.workspace_js),
    ]
  }
#endif
