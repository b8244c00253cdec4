/* The wall clock as a file says it is, in three numbers of eight bytes: seconds off, how many times
 * as fast it runs, and since when it does. Clocks that only count seconds stay as they are; so does
 * the pace of Redis, whose keys live for so many seconds of work and not until an hour of the day.
 * libfaketime 0.9.10 cannot sleep until an instant of a clock that it leaves alone. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL

struct clock {
    int64_t off, rate, since;
};

static volatile struct clock *wall;
static int only_counts;

__attribute__((constructor)) static void begin(void)
{
    only_counts = !strcmp(program_invocation_short_name, "redis-server");
    const char *path = getenv("OTHER_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *seen = mmap(NULL, sizeof(struct clock), PROT_READ, MAP_SHARED, file, 0);
    if (seen != MAP_FAILED)
        wall = seen;
    close(file);
}

int clock_gettime(clockid_t which, struct timespec *told)
{
    int failed = (int)syscall(SYS_clock_gettime, which, told);
    if (!failed && wall && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) {
        int64_t passed = (told->tv_sec - wall->since) * SECOND + told->tv_nsec;
        int64_t now = (wall->since + wall->off) * SECOND + passed * (only_counts ? 1 : wall->rate);
        told->tv_sec = now / SECOND;
        told->tv_nsec = now % SECOND;
    }
    return failed;
}

int gettimeofday(struct timeval *restrict told, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    told->tv_sec = now.tv_sec;
    told->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *told)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (told)
        *told = now.tv_sec;
    return now.tv_sec;
}
