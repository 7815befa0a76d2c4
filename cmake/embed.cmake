# embed_files(target NAME table FILES ...): makes the files part of the program as
#   const struct embedded_file NAME[]; const size_t NAME_count; const char *const NAME_sha256[];
# (base/embedded.h)
# Written by CMake itself, so that a cross build needs no host program.
function(embed_files target)
  cmake_parse_arguments(E "" "NAME" "FILES" ${ARGN})
  list(JOIN E_FILES "|" joined)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${E_NAME}.c)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAME=${E_NAME} "-DFILES=${joined}"
      -DDIR=${CMAKE_CURRENT_SOURCE_DIR} -P ${PROJECT_SOURCE_DIR}/cmake/embed_script.cmake
    DEPENDS ${E_FILES} ${PROJECT_SOURCE_DIR}/cmake/embed_script.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
