/* Runs a fuzz target over every file of the folders given: the seeds, as an ordinary test. */
#include "base/platform.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *folder)
{
	struct platform_dir *state = NULL;
	const char *name;
	int count = 0;

	while ((name = platform_dir_next(folder, &state))) {
		struct buf path = { 0 }, bytes = { 0 };
		struct err err;

		if (name[0] == '.')
			continue;
		buf_printf(&path, "%s/%s", folder, name);
		if (platform_read_file(buf_z(&path), 64u << 20, &bytes, ERR_SOURCE, &err)) {
			fprintf(stderr, "%s\n", err.text);
			return -1;
		}
		struct str s = buf_str(&bytes);
		LLVMFuzzerTestOneInput((const uint8_t *)s.p, s.n);
		count++;
		buf_free(&path);
		buf_free(&bytes);
	}
	return count;
}

int main(int argc, char **argv)
{
	int total = 0;

	for (int i = 1; i < argc; i++) {
		int n = replay(argv[i]);

		if (n <= 0) {
			fprintf(stderr, "no seeds in %s\n", argv[i]);
			return 1;
		}
		total += n;
	}
	printf("%d seeds replayed\n", total);
	return total == 0;
}
