# cpack -G DEB: the program alone. What it is linked with dpkg-shlibdeps finds out; Graphviz is
# opened only to draw, so it is recommended and not required.

set(CPACK_PACKAGE_CONTACT "migralint")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_COMPONENTS_ALL program)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME migralint)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libgvc6")
set(CPACK_STRIP_FILES ON)
include(CPack)
