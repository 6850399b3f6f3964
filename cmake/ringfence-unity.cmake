# Compiles the files of a folder together, at most a dozen at a time: the headers that they share are read once.
#
#   ringfence_compile_together(TARGET [ALONE] FILE...)
#
# Those named ALONE, those with flags of their own (SKIP_UNITY_BUILD_INCLUSION) and kernels, which are tuned one by one,
# stay by themselves. docs/decisions/unity.md
function(ringfence_compile_together target)
    cmake_parse_arguments(PARSE_ARGV 1 together "" "" "ALONE")
    if(NOT RINGFENCE_UNITY)
        return()
    endif()
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    # GCC takes what lies in an included file for a header, and warns of what is its own.
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>)
    foreach(source IN LISTS together_UNPARSED_ARGUMENTS)
        get_filename_component(folder ${source} DIRECTORY)
        file(RELATIVE_PATH name ${PROJECT_SOURCE_DIR} ${source})
        if(name MATCHES "/kernel/" OR name IN_LIST together_ALONE)
            continue()
        endif()
        string(MAKE_C_IDENTIFIER ${folder} key)
        math(EXPR count_${key} "0${count_${key}} + 1")
        math(EXPR part "(${count_${key}} - 1) / 12")
        file(RELATIVE_PATH room ${PROJECT_SOURCE_DIR} ${folder})
        string(MAKE_C_IDENTIFIER "${room}_${part}" group)
        set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
    endforeach()
endfunction()
