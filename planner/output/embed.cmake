# The scripts of plan.html become strings of the binary.
set(page ${CMAKE_CURRENT_LIST_DIR}/page)
kvsim_embed(kvsim_planner HEADER planner/output/page_assets.h NAMESPACE kvsim::planner TEXTS
  kPlanMoneyScript ${page}/money.js
  kPlanServiceScript ${page}/service.js
  kPlanSearchScript ${page}/search.js
  kPlanChecksScript ${page}/checks.js
  kPlanNotesScript ${page}/notes.js
  kPlanScript ${page}/plan.js)
