"""The wall: what the kernel lets these processes do, whatever runs in them.

Everything here is set by the processes themselves, once what they need is loaded, and cannot be taken back.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import struct

_libc = ctypes.CDLL(None, use_errno=True)

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_MODE_FILTER = 2

NOBODY = 65534


def limit(memory, file_size, seconds):
    """Hard limits, so that they cannot be raised again."""
    _lower(resource.RLIMIT_AS, memory)
    _lower(resource.RLIMIT_FSIZE, file_size)
    # The clock outside comes first; this is for the case that whoever looks at it is gone.
    _lower(resource.RLIMIT_CPU, int(seconds) + 10)
    _lower(resource.RLIMIT_NOFILE, 256)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(kind, value):
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def forbid_processes():
    _lower(resource.RLIMIT_NPROC, 0)


def die_with_parent(parent):
    """Nothing is left behind when the process that started this one is killed. Giving up root takes this back."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent and os.getppid() != parent:
        os._exit(1)


def give_up_root():
    """Where no namespace has done it: root can do too much with system calls that look harmless."""
    if os.geteuid() == 0:
        try:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
        except PermissionError:
            # Root without the right to be another is not root in much but name.
            pass
    _prctl(_PR_SET_DUMPABLE, 0)


def _prctl(option, *arguments):
    arguments = [ctypes.c_ulong(value) for value in arguments] + [ctypes.c_ulong(0)] * (4 - len(arguments))
    if _libc.prctl(option, *arguments) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


# The numbers of system calls: x86-64, AArch64 (asm/unistd_64.h, asm-generic/unistd.h); None where there is none.
_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_CALLS = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "stat": (4, None), "fstat": (5, 80), "lstat": (6, None),
    "poll": (7, None), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215),
    "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "ioctl": (16, 29), "pread64": (17, 67), "pwrite64": (18, 68), "readv": (19, 65), "writev": (20, 66),
    "access": (21, None), "select": (23, None), "sched_yield": (24, 124), "mremap": (25, 216), "mincore": (27, 232),
    "madvise": (28, 233), "dup": (32, 23), "nanosleep": (35, 101), "getpid": (39, 172), "exit": (60, 93),
    "wait4": (61, 260), "kill": (62, 129), "uname": (63, 160), "fcntl": (72, 25), "fsync": (74, 82),
    "ftruncate": (77, 46), "getcwd": (79, 17), "unlink": (87, None), "readlink": (89, None),
    "gettimeofday": (96, 169), "getrlimit": (97, 163), "getrusage": (98, 165), "sysinfo": (99, 179),
    "times": (100, 153), "getuid": (102, 174), "getgid": (104, 176), "geteuid": (107, 175), "getegid": (108, 177),
    "getppid": (110, 173), "sigaltstack": (131, 132), "gettid": (186, 178), "time": (201, None),
    "futex": (202, 98), "sched_getaffinity": (204, 123), "getdents64": (217, 61), "restart_syscall": (219, 128),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115),
    "exit_group": (231, 94), "tgkill": (234, 131), "openat": (257, 56), "newfstatat": (262, 79),
    "unlinkat": (263, 35), "readlinkat": (267, 78), "faccessat": (269, 48), "pselect6": (270, 72),
    "ppoll": (271, 73), "set_robust_list": (273, 99), "prlimit64": (302, 261), "getrandom": (318, 278),
    "membarrier": (324, 283), "statx": (332, 291), "rseq": (334, 293), "faccessat2": (439, 439),
    "open": (2, None),
}

# Computing, memory, what is open already, time, and signals of its own.
_COMPUTING = [
    "read", "write", "close", "fstat", "poll", "ppoll", "lseek", "munmap", "brk", "rt_sigaction", "rt_sigprocmask",
    "rt_sigreturn", "pread64", "readv", "writev", "sched_yield", "mremap", "mincore", "madvise", "dup", "nanosleep",
    "getpid", "exit", "uname", "getcwd", "gettimeofday", "getrlimit", "getrusage", "sysinfo", "times", "getuid",
    "getgid", "geteuid", "getegid", "getppid", "sigaltstack", "gettid", "time", "futex", "sched_getaffinity",
    "restart_syscall", "clock_gettime", "clock_getres", "clock_nanosleep", "exit_group", "set_robust_list",
    "getrandom", "membarrier", "rseq", "select", "pselect6",
]
# Looking at files; where there is a mount namespace, at what there is in it.
_LOOKING = [
    "stat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getdents64",
]
_WRITING = ["pwrite64", "ftruncate", "fsync", "unlink", "unlinkat", "wait4"]

_PROT_EXEC = 4
_FCNTL_HARMLESS = (0, 1, 2, 3, 1030)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC; not F_SETOWN
_IOCTL_TCGETS, _IOCTL_FIOCLEX = 0x5401, 0x5451
_O_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | 0o20000000  # and O_TMPFILE


class Rights:
    NONE = 0
    READING = 1
    WRITING = 2


def wall(rights, children=()):
    """Allows this process only the calls named above: no new process or thread, no program, no socket, no
    signal to another, no file but by `rights`. Whatever else it calls fails with EPERM.

    children: the processes that it may send signals to.
    """
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"no filter for system calls on {machine}")
    audit, column = _ARCHITECTURES[machine]
    program = _Filter(audit, column)
    for name in _COMPUTING:
        program.allow(name)
    for name in ("mmap", "mprotect"):
        program.allow_unless_bits(name, 2, _PROT_EXEC)
    program.allow_if_equal("fcntl", 1, _FCNTL_HARMLESS)
    program.allow_if_equal("ioctl", 1, (_IOCTL_TCGETS, _IOCTL_FIOCLEX))
    program.allow_if_equal("tgkill", 0, (os.getpid(),))
    program.allow_if_null("prlimit64", 2)
    if rights >= Rights.READING:
        for name in _LOOKING:
            program.allow(name)
    if rights == Rights.READING:
        program.allow_unless_bits("openat", 2, _O_WRITING)
        program.allow_unless_bits("open", 1, _O_WRITING)
    if rights == Rights.WRITING:
        for name in ["open", "openat"] + _WRITING:
            program.allow(name)
        if children:
            program.allow_if_equal("kill", 0, children)
    program.install()


class _Filter:
    """A classic BPF program over `struct seccomp_data`: nr at 0, arch at 4, six arguments of 8 bytes from 16."""

    _LOAD, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
    _ALLOW, _KILL = 0x7FFF0000, 0x80000000

    def __init__(self, audit, column):
        self.column = column
        self.code = []
        self._add(self._LOAD, 4)
        self._add(self._EQUAL, audit, 1, 0)
        self._add(self._RETURN, self._KILL)
        self._add(self._LOAD, 0)
        # The x32 calls of x86-64 have numbers of their own.
        self._add(self._AT_LEAST, 0x40000000, 0, 1)
        self._return_error(errno.EPERM)

    def _add(self, operation, value, if_true=0, if_false=0):
        self.code.append(struct.pack("HBBI", operation, if_true, if_false, value))

    def _return_error(self, number):
        self._add(self._RETURN, 0x00050000 | number)

    def _number(self, name):
        return _CALLS[name][self.column]

    def _when(self, name, body):
        """`body` is run for this call, and returns in any case."""
        number = self._number(name)
        if number is None:
            return
        start = len(self.code)
        body()
        length = len(self.code) - start
        self.code.insert(start, struct.pack("HBBI", self._EQUAL, 0, length, number))

    def allow(self, name):
        self._when(name, lambda: self._add(self._RETURN, self._ALLOW))

    def allow_unless_bits(self, name, argument, bits):
        def body():
            self._add(self._LOAD, 16 + 8 * argument)
            self._add(self._ANY_BIT, bits, 0, 1)
            self._return_error(errno.EPERM)
            self._add(self._RETURN, self._ALLOW)

        self._when(name, body)

    def allow_if_equal(self, name, argument, values):
        def body():
            self._add(self._LOAD, 16 + 8 * argument)
            for value in values:
                self._add(self._EQUAL, value & 0xFFFFFFFF, 0, 1)
                self._add(self._RETURN, self._ALLOW)
            self._return_error(errno.EPERM)

        self._when(name, body)

    def allow_if_null(self, name, argument):
        def body():
            self._add(self._LOAD, 16 + 8 * argument)
            self._add(self._EQUAL, 0, 1, 0)
            self._return_error(errno.EPERM)
            self._add(self._LOAD, 20 + 8 * argument)
            self._add(self._EQUAL, 0, 1, 0)
            self._return_error(errno.EPERM)
            self._add(self._RETURN, self._ALLOW)

        self._when(name, body)

    def install(self):
        self._return_error(errno.EPERM)
        code = b"".join(self.code)
        buffer = ctypes.create_string_buffer(code, len(code))
        header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(self.code), ctypes.addressof(buffer)))
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(header))
