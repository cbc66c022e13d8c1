import Facet
