# One object library per room of src/, in the order in which rooms may include
# each other (tests/layering.py checks the includes themselves).

set(MIGRALINT_ROOMS base source facts link graph state models rules report render)

get_property(migralint_objects GLOBAL PROPERTY MIGRALINT_OBJECTS)
foreach(room IN LISTS MIGRALINT_ROOMS)
  file(GLOB room_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${room}/*.c")
  if(room_sources)
    add_library(room_${room} OBJECT ${room_sources})
    target_link_libraries(room_${room} PRIVATE
      migralint_flags migralint_syntax migralint_libraries)
    list(APPEND migralint_objects "$<TARGET_OBJECTS:room_${room}>")
  endif()
endforeach()

# Sources directly in src/ own the whole (one Project above the rooms).
file(GLOB top_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/*.c")
if(top_sources)
  add_library(room_top OBJECT ${top_sources})
  target_link_libraries(room_top PRIVATE migralint_flags migralint_syntax migralint_libraries)
  list(APPEND migralint_objects "$<TARGET_OBJECTS:room_top>")
endif()

function(migralint_add_library target kind)
  add_library(${target} ${kind} ${migralint_objects})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME migralint LINKER_LANGUAGE C
    VERSION "${PROJECT_VERSION}" SOVERSION "${PROJECT_VERSION_MAJOR}")
  target_include_directories(${target} PUBLIC
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>"
    "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  target_link_libraries(${target} PUBLIC migralint_libraries migralint_syntax)
endfunction()

migralint_add_library(libmigralint STATIC)
if(MIGRALINT_SHARED)
  migralint_add_library(libmigralint_shared SHARED)
endif()

# The library never asks git: src/git belongs to the program.
file(GLOB cli_sources CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/src/cli/*.c" "${PROJECT_SOURCE_DIR}/src/git/*.c")
if(cli_sources)
  add_executable(migralint ${cli_sources})
  target_link_libraries(migralint PRIVATE migralint_flags libmigralint)
endif()
