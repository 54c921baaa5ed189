# Manual pages and tab completion, made by the program itself and installed with it. Pages need help2man (Debian: help2man).
include(GNUInstallDirs)
find_program(HELP2MAN help2man)
if(NOT HELP2MAN)
  message(STATUS "Without help2man: no manual pages (Debian: help2man)")
endif()
set(manual ${CMAKE_BINARY_DIR}/manual)
add_custom_command(OUTPUT ${manual}/made
                   COMMAND ${PROJECT_SOURCE_DIR}/cmake/make_manual.sh $<TARGET_FILE:kvsim> ${manual}
                   COMMAND ${CMAKE_COMMAND} -E touch ${manual}/made
                   DEPENDS kvsim ${PROJECT_SOURCE_DIR}/cmake/make_manual.sh
                   COMMENT "Making manual pages and tab completion")
add_custom_target(man ALL DEPENDS ${manual}/made)

install(DIRECTORY ${manual}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 OPTIONAL)
install(FILES ${manual}/completions/bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME kvsim
        OPTIONAL)
install(FILES ${manual}/completions/zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _kvsim OPTIONAL)
