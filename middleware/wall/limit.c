/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits on memory, time and descriptors, and a list of the few system calls that are left. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "document/wall/frame.h"
#include "wall/wall.h"

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define OUR_ARCH AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OUR_ARCH AUDIT_ARCH_PPC64LE
#endif

/* Never more than the person allows all programs. */
static bool set(__rlimit_resource_t what, rlim_t soft, rlim_t hard)
{
	struct rlimit l;

	if (getrlimit(what, &l))
		return false;
	l.rlim_cur = l.rlim_cur < soft ? l.rlim_cur : soft;
	l.rlim_max = l.rlim_max < hard ? l.rlim_max : hard;
	return !setrlimit(what, &l);
}

enum ecert_rc wall_limit(uint64_t mapped, unsigned seconds)
{
	rlim_t memory = (rlim_t)(WALL_MEMORY + mapped);
	/* At the soft limit of time the end is a signal of its own, by which it is told. */
	bool good = set(RLIMIT_AS, memory, memory) && set(RLIMIT_CPU, seconds, seconds + 1) &&
		    set(RLIMIT_NOFILE, 0, 0) && set(RLIMIT_FSIZE, 0, 0) && set(RLIMIT_CORE, 0, 0) &&
		    set(RLIMIT_NPROC, 0, 0);

	/* Whoever asks and goes away waits for no answer. */
	return good && !prctl(PR_SET_PDEATHSIG, SIGKILL) && !prctl(PR_SET_DUMPABLE, 0)
		   ? ECERT_OK
		   : ECERT_E_UNSUPPORTED;
}

#ifdef OUR_ARCH
#define LOAD(field)                                                                                \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offsetof(struct seccomp_data, field))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, (what))
#define REFUSE	     ANSWER(SECCOMP_RET_ERRNO | EPERM)
/* Loaded is the number of the call. */
#define ALLOW(name)                                                                                \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1), ANSWER(SECCOMP_RET_ALLOW)
/* The same unless the third argument asks for memory that can be executed. args[2]: its lower half
 * comes first on the machines that are named above. */
#define ALLOW_DATA(name)                                                                           \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 4), LOAD(args[2]),                     \
	    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1), REFUSE,                         \
	    ANSWER(SECCOMP_RET_ALLOW)

/* Memory, the pipe that is open, the clock and the end. What is refused fails as if it were
 * forbidden, so that a library which only tries goes on without. */
static struct sock_filter filter[] = {
    LOAD(arch),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0),
    ANSWER(SECCOMP_RET_KILL_PROCESS),
    LOAD(nr),
    ALLOW(read),
    ALLOW(write),
    ALLOW(exit_group),
    ALLOW(exit),
    ALLOW(brk),
    ALLOW_DATA(mmap),
    ALLOW_DATA(mprotect),
    ALLOW(munmap),
    ALLOW(mremap),
    ALLOW(madvise),
    ALLOW(futex),
    ALLOW(rt_sigreturn),
    ALLOW(rt_sigprocmask),
    ALLOW(clock_gettime),
    ALLOW(gettimeofday),
    ALLOW(getrandom),
    ALLOW(getpid),
    ALLOW(sched_yield),
    REFUSE,
};

enum ecert_rc wall_filter(void)
{
	struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};

	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
		       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)
		   ? ECERT_OK
		   : ECERT_E_UNSUPPORTED;
}
#else
/* Nothing is read where its system calls are not known. */
enum ecert_rc wall_filter(void)
{
	return ECERT_E_UNSUPPORTED;
}
#endif
