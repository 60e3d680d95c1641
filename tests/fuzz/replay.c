/* SPDX-License-Identifier: BSD-2-Clause */
/* A main for the harnesses in a normal build: runs each file of the folders named, and nothing. */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

#define SEED_MAX (1u << 20)

static int replay_file(const char *path)
{
	static uint8_t data[SEED_MAX];
	FILE *f = fopen(path, "rb");
	size_t n;
	uint8_t *exact;

	if (!f) {
		perror(path);
		return 1;
	}
	n = fread(data, 1, sizeof data, f);
	fclose(f);
	/* An allocation of exactly n bytes lets ASan and Valgrind see a read past the end. */
	exact = malloc(n ? n : 1);
	if (!exact)
		return 1;
	memcpy(exact, data, n);
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return 0;
}

/* Counts the files in *seeds; anything but 0: one could not be read. */
static int replay_folder(const char *folder, unsigned *seeds)
{
	struct dirent **list;
	int n = scandir(folder, &list, NULL, alphasort), bad = n < 0;

	if (bad)
		perror(folder);
	for (int i = 0; i < n; i++) {
		char path[4096];
		struct stat st;

		snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
		free(list[i]);
		if (stat(path, &st) || !S_ISREG(st.st_mode))
			continue;
		bad |= replay_file(path);
		++*seeds;
	}
	if (n >= 0)
		free(list);
	return bad;
}

int main(int argc, char **argv)
{
	unsigned seeds = 0;
	int bad = 0;

	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		bad |= replay_folder(argv[i], &seeds);
	printf("%u\n", seeds);
	return bad || !seeds;
}
