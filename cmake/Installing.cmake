# cmake --install: program, library, public header, pkg-config file. The rules
# travel inside the library.

if(SKBUILD) # a wheel holds the program and nothing else
  install(TARGETS migralint RUNTIME DESTINATION "${SKBUILD_SCRIPTS_DIR}")
  return()
endif()
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
