# The pages and Chart.js become strings of the binary, so that a report needs no network.
find_file(CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js DOC "Chart.js 3 (Debian: libjs-chart.js)" REQUIRED)

set(page ${CMAKE_CURRENT_LIST_DIR}/page)
kvsim_embed(kvsim_sim_report HEADER sim/report/page_assets.h NAMESPACE kvsim::sim TEXTS
  kPageHtml ${page}/page.html
  kPageCss ${page}/page.css
  kCommonScript ${page}/common.js
  kChartsScript ${page}/charts.js
  kRunScript ${page}/run.js
  kSweepScript ${page}/sweep.js
  kCompareScript ${page}/compare.js
  kTiersScript ${page}/tiers.js
  kCalibrationScript ${page}/calibration.js
  kChartJs ${CHART_JS})
target_compile_definitions(kvsim_sim_report PRIVATE KVSIM_VERSION="${PROJECT_VERSION}")
