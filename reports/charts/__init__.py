"""Charts: what they are drawn of, drawn twice: as vector graphics on the server and as options for ECharts in the browser. Pure."""
