/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a command and says what it cost: bounded REPORT SECONDS COMMAND... writes "ms=N rss=KIB
 * cpu=MS" (cpu: of it and all it waited for) to REPORT and ends as the command did; one that runs
 * over its time is killed: 137. BOUNDED_PRELOAD is the command's LD_PRELOAD. The time that it was
 * ready to run and got no processor is a busy machine's, and not counted.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t child;

static void on_alarm(int number)
{
	(void)number;
	(void)kill(child, SIGKILL);
}

static long now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Of the child, which has ended but is still there: proc(5), schedstat. */
static long waited_ms(void)
{
	char path[40];
	unsigned long long ran = 0;
	unsigned long long waited = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/schedstat", child);
	f = fopen(path, "r");
	if (f == NULL)
		return 0;
	if (fscanf(f, "%llu %llu", &ran, &waited) != 2)
		waited = 0;
	fclose(f);
	return (long)(waited / 1000000);
}

int main(int argc, char **argv)
{
	struct sigaction act = {.sa_handler = on_alarm};
	struct rusage used = {0};
	int status = 0;
	long began = now_ms();
	long ms;
	siginfo_t ended;
	FILE *report;

	if (argc < 4)
		return 2;
	child = fork();
	if (child == 0) {
		const char *preload = getenv("BOUNDED_PRELOAD");

		if (preload)
			(void)setenv("LD_PRELOAD", preload, 1);
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	(void)sigaction(SIGALRM, &act, NULL);
	(void)alarm((unsigned)atoi(argv[2]));
	while (child > 0 && waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT) < 0 &&
	       errno == EINTR)
		;
	ms = now_ms() - began - waited_ms();
	while (child > 0 && wait4(child, &status, 0, &used) < 0 && errno == EINTR)
		;
	report = fopen(argv[1], "w");
	if (child < 0 || report == NULL)
		return 2;
	fprintf(report, "ms=%ld rss=%ld cpu=%ld\n", ms < 0 ? 0 : ms, used.ru_maxrss,
	    (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
		(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000);
	fclose(report);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
