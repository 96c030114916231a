/* Replays fuzz inputs without libFuzzer, so that any compiler, sanitizer or
 * valgrind can run a target over its corpus as an ordinary test. Arguments are
 * files and directories (searched for regular files, one level deep). */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The buffer is exactly as large as the input: an overread by one is seen. */
static int run_file(const char *path, size_t size)
{
    uint8_t *data = malloc(size ? size : 1);
    FILE *file = fopen(path, "rb");
    int ok = data && file && fread(data, 1, size, file) == size;
    if (ok)
        LLVMFuzzerTestOneInput(data, size);
    else
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    if (file)
        fclose(file);
    free(data);
    return ok ? 1 : -1;
}

static int run_directory(const char *path)
{
    int count = 0;
    DIR *directory = opendir(path);
    if (!directory) {
        perror(path);
        return -1;
    }
    for (struct dirent *entry; count >= 0 && (entry = readdir(directory));) {
        char child[4096];
        struct stat status;
        snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
        if (stat(child, &status) == 0 && S_ISREG(status.st_mode))
            count = run_file(child, (size_t)status.st_size) < 0 ? -1 : count + 1;
    }
    closedir(directory);
    return count;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        struct stat status;
        int count = -1;
        if (stat(argv[i], &status) != 0)
            perror(argv[i]);
        else if (S_ISDIR(status.st_mode))
            count = run_directory(argv[i]);
        else
            count = run_file(argv[i], (size_t)status.st_size);
        if (count < 0)
            return EXIT_FAILURE;
        total += count;
    }
    printf("%d inputs replayed\n", total);
    return total > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
