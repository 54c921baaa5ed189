# What `cmake --install` puts where: the program; its data in share/kvsim, where base/data_places.h looks for them;
# documentation with licences, laid out so that its links hold. A folder that the program reads is listed here.
set(for_all_to_enter OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS ${for_all_to_enter})
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # tests need not be built to install

install(TARGETS kvsim)

set(data ${CMAKE_INSTALL_DATADIR}/kvsim)
foreach(folder hardware-catalog models/cards models/priors models/profiles traces/population sim/routing/presets)
  install(DIRECTORY ${folder}/ DESTINATION ${data}/${folder} FILES_MATCHING PATTERN "*.yaml")
endforeach()
install(DIRECTORY docs examples schemas DESTINATION ${data} PATTERN "*.sh" PERMISSIONS ${for_all_to_enter})
install(DIRECTORY validation/cases validation/probe DESTINATION ${data}/validation PATTERN __pycache__ EXCLUDE)
file(GLOB routers CONFIGURE_DEPENDS validation/*.yaml)
install(FILES ${routers} DESTINATION ${data}/validation)
install(FILES benchmarks/README.md DESTINATION ${data}/benchmarks)

install(FILES LICENSE README.md CHANGELOG.md CONTRIBUTING.md cmake/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
# Systems that leave documentation out of what they install still have the pages, the examples and the schemas.
file(RELATIVE_PATH data_from_documentation ${CMAKE_INSTALL_FULL_DOCDIR} ${CMAKE_INSTALL_FULL_DATADIR}/kvsim)
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/links)
foreach(folder docs examples schemas validation benchmarks)
  set(link ${PROJECT_BINARY_DIR}/links/${folder})
  file(CREATE_LINK ${data_from_documentation}/${folder} ${link} SYMBOLIC)
  install(FILES ${link} DESTINATION ${CMAKE_INSTALL_DOCDIR})
endforeach()
