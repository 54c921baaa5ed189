# Texts as constants of a library: kvsim_embed(TARGET HEADER path NAMESPACE name TEXTS kName file kName file ...). The
# header declares each as `extern const char* const kName;` in the namespace.
function(kvsim_embed target)
  cmake_parse_arguments(EMBED "" "HEADER;NAMESPACE" "TEXTS" ${ARGN})
  set(code "// SPDX-License-Identifier: Apache-2.0\n#include \"${EMBED_HEADER}\"\n\n")
  string(APPEND code "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\nnamespace ${EMBED_NAMESPACE} {\n\n")
  while(EMBED_TEXTS)
    list(POP_FRONT EMBED_TEXTS name file)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    string(APPEND code "const char* const ${name} = R\"kvsim_asset(${text})kvsim_asset\";\n")
  endwhile()
  string(APPEND code "\n}  // namespace ${EMBED_NAMESPACE}\n")
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${target}_texts.cpp)
  file(WRITE ${source}.in "${code}")
  configure_file(${source}.in ${source} COPYONLY)  # untouched where nothing changed
  target_sources(${target} PRIVATE ${source})
endfunction()
