# One library a room; its links repeat the order of the rooms, so that an include to the right fails the layer check
# and a call to the right fails to link.
function(kvsim_room name)
  cmake_parse_arguments(ROOM "" "" "LINKS;PRIVATE_LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(kvsim_${name} STATIC ${sources})
  target_include_directories(kvsim_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(kvsim_${name} PUBLIC ${ROOM_LINKS} PRIVATE ${ROOM_PRIVATE_LINKS})
endfunction()
