# cmake --install: program, manual page, completions, library, public header, pkg-config file. The
# rules travel inside the library.

# The program prints its manual page and its completions: its option table is their only source.
set(extras "${PROJECT_BINARY_DIR}/extras")
add_custom_command(
  OUTPUT "${extras}/migralint.1" "${extras}/migralint" "${extras}/_migralint" "${extras}/migralint.fish"
  COMMAND ${CMAKE_COMMAND} -E make_directory "${extras}"
  COMMAND migralint manual > "${extras}/migralint.1"
  COMMAND migralint completion bash > "${extras}/migralint"
  COMMAND migralint completion zsh > "${extras}/_migralint"
  COMMAND migralint completion fish > "${extras}/migralint.fish"
  DEPENDS migralint
  COMMENT "Manual page and completions" VERBATIM)
add_custom_target(extras ALL DEPENDS "${extras}/migralint.1")

function(migralint_install_extras share)
  install(FILES "${extras}/migralint.1" DESTINATION "${share}/man/man1" COMPONENT program)
  install(FILES "${extras}/migralint" DESTINATION "${share}/bash-completion/completions"
    COMPONENT program)
  install(FILES "${extras}/_migralint" DESTINATION "${share}/zsh/site-functions")
  install(FILES "${extras}/migralint.fish" DESTINATION "${share}/fish/vendor_completions.d"
    COMPONENT program)
endfunction()

if(SKBUILD) # a wheel holds the program and these, and nothing else
  install(TARGETS migralint RUNTIME DESTINATION "${SKBUILD_SCRIPTS_DIR}")
  migralint_install_extras("${SKBUILD_DATA_DIR}/share")
  return()
endif()
migralint_install_extras("${CMAKE_INSTALL_DATADIR}")
# Where Debian's zsh looks: site-functions is the administrator's there.
install(FILES "${extras}/_migralint" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions"
  COMPONENT debian EXCLUDE_FROM_ALL)
install(TARGETS migralint RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
install(TARGETS libmigralint ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
if(MIGRALINT_SHARED)
  install(TARGETS libmigralint_shared LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endif()
if(EXISTS "${PROJECT_SOURCE_DIR}/include")
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    FILES_MATCHING PATTERN "*.h")
endif()

# Relative to itself: cmake --install --prefix may move it, and so may a package.
file(RELATIVE_PATH MIGRALINT_PC_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
configure_file("${PROJECT_SOURCE_DIR}/cmake/migralint.pc.in" migralint.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/migralint.pc"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
