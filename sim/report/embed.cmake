# The pages (run.html, sweep.html) and Chart.js become strings of the binary, so that a report needs no network.
find_file(CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js DOC "Chart.js 3 (Debian: libjs-chart.js)" REQUIRED)

set(page ${CMAKE_CURRENT_LIST_DIR}/page)
foreach(asset run.html run.css common.js run.js tiers.js sweep.js calibration.js)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page}/${asset})
endforeach()
file(READ ${page}/run.html PAGE_HTML)
file(READ ${page}/run.css PAGE_CSS)
file(READ ${page}/common.js COMMON_JS)
file(READ ${page}/run.js RUN_JS)
file(READ ${page}/sweep.js SWEEP_JS)
file(READ ${page}/tiers.js TIERS_JS)
file(READ ${page}/calibration.js CALIBRATION_JS)
file(READ ${CHART_JS} CHART_JS_TEXT)
configure_file(${page}/page_assets.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/page_assets.cpp @ONLY)

target_sources(kvsim_sim_report PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/page_assets.cpp)
target_compile_definitions(kvsim_sim_report PRIVATE KVSIM_VERSION="${PROJECT_VERSION}")
