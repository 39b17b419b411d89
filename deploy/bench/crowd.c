// crowd PORT CONNECTIONS SOURCES ws|sse REQUEST [FIRST [MARKER]]: many clients of one server in one process.
//
// REQUEST is the file with the head that each client sends. FIRST is a file of lines: client number n sends line n, or n
// modulo the number of lines, once its WebSocket is open; a tab separates several messages. `{n}` in both is the number of
// the client. The clients have SOURCES addresses, 127.0.0.1 and up. MARKER is what stands before a number in messages; the
// number and the time of each arrival are kept. Clients answer pings, those of Engine.IO too.
//
// Commands come line by line, and each is answered by a line of JSON:
//   wait COUNT MS     until COUNT messages have arrived since the last command `dump`, at most MS milliseconds
//   dump FILE         writes `number,nanoseconds,client` of each arrival, and forgets them; the clock is CLOCK_MONOTONIC
//   stop CLIENT       a client that reads no more
//   say TEXT          all clients send the text
//   reopen            cuts all connections and opens them again; ends when each has got a message, with MARKER if it is set
//   state             how many are open, were closed by the server, were refused, have permessage-deflate; how many
//                     compressed messages have arrived
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum state { CONNECTING, HEAD, OPEN, CLOSED };

struct client {
    int descriptor, number;
    enum state state;
    bool has_message;
    size_t length; // of what is not complete yet
    unsigned char *rest;
};

struct arrival {
    int64_t value, at;
    int client;
};

static int port, count, sources, poller;
static bool is_stream;
static char *request;
static char **first; // lines
static int first_count;
static const char *marker;
static struct client *clients;
static struct arrival *arrivals;
static size_t arrived, capacity;
static int opening, opened, closed, refused, begun, greeted, deflating, compressed;

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void fail(const char *what)
{
    fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
    exit(1);
}

static char *content_of(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file || fseek(file, 0, SEEK_END) != 0) fail(path);
    long size = ftell(file);
    rewind(file);
    char *text = calloc(1, size + 1);
    if (!text || fread(text, 1, size, file) != (size_t)size || size == 0) fail(path);
    fclose(file);
    return text;
}

static void read_first(const char *path)
{
    for (char *line = strtok(content_of(path), "\n"); line; line = strtok(NULL, "\n")) {
        first = realloc(first, (first_count + 1) * sizeof *first);
        if (!first) fail("memory");
        first[first_count++] = line;
    }
}

// The text with `{n}` replaced by a number.
static size_t fill(char *out, size_t size, const char *text, int number)
{
    size_t length = 0;
    for (; *text && length + 16 < size; text++) {
        if (strncmp(text, "{n}", 3) == 0) {
            length += sprintf(out + length, "%d", number);
            text += 2;
        } else {
            out[length++] = *text;
        }
    }
    return length;
}

static void close_client(struct client *client)
{
    if (client->state == CLOSED) return;
    if (client->state == OPEN) opened--; else opening--;
    close(client->descriptor);
    free(client->rest);
    client->rest = NULL;
    client->length = 0;
    client->state = CLOSED;
}

// A masked frame; the mask is zero, so the content is as it was.
static void send_frame(struct client *client, int opcode, const void *content, size_t length)
{
    unsigned char frame[16384] = {0x80 | opcode};
    size_t head = 2;
    if (length > 16000) return;
    frame[1] = 0x80 | (length < 126 ? length : 126);
    if (length >= 126) {
        frame[2] = length >> 8;
        frame[3] = length & 0xFF;
        head = 4;
    }
    memset(frame + head, 0, 4);
    memcpy(frame + head + 4, content, length);
    if (send(client->descriptor, frame, head + 4 + length, MSG_NOSIGNAL) < 0) close_client(client);
}

static void receive_message(struct client *client, const char *text, size_t length)
{
    if (length == 1 && text[0] == '2') return send_frame(client, 1, "3", 1);
    const char *found = marker ? memmem(text, length, marker, strlen(marker)) : NULL;
    if (!client->has_message && (found || !marker)) {
        client->has_message = true;
        greeted++;
    }
    if (arrived == capacity) {
        capacity = capacity ? 2 * capacity : 1 << 16;
        arrivals = realloc(arrivals, capacity * sizeof *arrivals);
        if (!arrivals) fail("memory");
    }
    struct arrival *arrival = &arrivals[arrived++];
    *arrival = (struct arrival){.value = -1, .at = now(), .client = client->number};
    if (found) arrival->value = strtoll(found + strlen(marker), NULL, 10);
}

// Takes whole frames. Returns how many bytes they were.
static size_t take_frames(struct client *client, unsigned char *bytes, size_t length)
{
    size_t taken = 0;
    while (length - taken >= 2 && client->state == OPEN) {
        unsigned char *frame = bytes + taken;
        size_t head = 2, size = frame[1] & 0x7F;
        if (size == 126) head = 4;
        if (size == 127) head = 10;
        if (length - taken < head) break;
        if (head > 2) {
            size = 0;
            for (size_t index = 2; index < head; index++) size = size << 8 | frame[index];
        }
        if (length - taken - head < size) break;
        taken += head + size;
        int opcode = frame[0] & 0xF;
        if (opcode == 8) {
            send_frame(client, 8, frame + head, size < 125 ? size : 0);
            closed++;
            close_client(client);
        } else if (opcode == 9) {
            send_frame(client, 10, frame + head, size);
        } else if (opcode < 8) {
            if (frame[0] & 0x40) compressed++;
            receive_message(client, (char *)frame + head, size);
        }
    }
    return taken;
}

// Takes whole events. Returns how many bytes they were.
static size_t take_events(struct client *client, unsigned char *bytes, size_t length)
{
    size_t taken = 0;
    unsigned char *end;
    while ((end = memmem(bytes + taken, length - taken, "\n\n", 2)) != NULL) {
        size_t size = end + 2 - (bytes + taken);
        if (memmem(bytes + taken, size, "data: ", 6)) receive_message(client, (char *)bytes + taken, size);
        taken += size;
    }
    return taken;
}

static size_t take_head(struct client *client, unsigned char *bytes, size_t length)
{
    unsigned char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) return 0;
    if (memcmp(bytes, is_stream ? "HTTP/1.1 200" : "HTTP/1.1 101", 12) != 0) {
        refused++;
        close_client(client);
        return length;
    }
    client->state = OPEN;
    opening--;
    opened++;
    if (memmem(bytes, end - bytes, "permessage-deflate", 18)) deflating++;
    if (first && !is_stream) {
        char text[16384];
        text[fill(text, sizeof text - 1, first[client->number % first_count], client->number)] = 0;
        char *rest = text, *message;
        while ((message = strsep(&rest, "\t")) != NULL) send_frame(client, 1, message, strlen(message));
    }
    return end + 4 - bytes;
}

static void read_from(struct client *client)
{
    static unsigned char buffer[1 << 20];
    size_t length = client->length;
    if (length) memcpy(buffer, client->rest, length);
    ssize_t received = recv(client->descriptor, buffer + length, sizeof buffer - length, 0);
    if (received < 0 && errno == EAGAIN) return;
    if (received <= 0) {
        if (client->state == OPEN) closed++; else refused++;
        return close_client(client);
    }
    length += received;
    size_t taken = client->state == HEAD ? take_head(client, buffer, length) : 0;
    if (client->state == OPEN)
        taken += (is_stream ? take_events : take_frames)(client, buffer + taken, length - taken);
    if (client->state == CLOSED) return;
    client->length = length - taken;
    if (client->length == 0 && !client->rest) return;
    client->rest = realloc(client->rest, client->length + 1);
    memcpy(client->rest, buffer + taken, client->length);
}

static void send_request(struct client *client)
{
    char text[16384];
    size_t length = fill(text, sizeof text, request, client->number);
    client->state = HEAD;
    if (send(client->descriptor, text, length, MSG_NOSIGNAL) != (ssize_t)length) {
        refused++;
        return close_client(client);
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    epoll_ctl(poller, EPOLL_CTL_MOD, client->descriptor, &event);
}

static void begin(struct client *client, int number)
{
    int yes = 1;
    *client = (struct client){.number = number, .state = CONNECTING};
    client->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (client->descriptor < 0) fail("socket");
    setsockopt(client->descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(client->descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7F000001 + number % sources)};
    if (bind(client->descriptor, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
    address.sin_addr.s_addr = htonl(0x7F000001);
    address.sin_port = htons(port);
    opening++;
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = client};
    epoll_ctl(poller, EPOLL_CTL_ADD, client->descriptor, &event);
    if (connect(client->descriptor, (struct sockaddr *)&address, sizeof address) != 0 && errno != EINPROGRESS)
        fail("connect");
}

static void turn(int milliseconds)
{
    struct epoll_event events[512];
    // A few at a time, so that the backlog of the server's socket does not overflow.
    while (begun < count && opening < 200) {
        begin(&clients[begun], begun);
        begun++;
    }
    int ready = epoll_wait(poller, events, 512, milliseconds);
    for (int index = 0; index < ready; index++) {
        struct client *client = events[index].data.ptr;
        if (client->state == CONNECTING) send_request(client);
        else if (client->state != CLOSED) read_from(client);
    }
}

static double open_all(void)
{
    int64_t start = now();
    begun = opening = opened = closed = refused = greeted = deflating = compressed = 0;
    while (begun < count || opening > 0) turn(1000);
    return (now() - start) / 1e6;
}

static void dump(const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file) fail(path);
    for (size_t index = 0; index < arrived; index++)
        fprintf(file, "%lld,%lld,%d\n", (long long)arrivals[index].value, (long long)arrivals[index].at, arrivals[index].client);
    fclose(file);
    printf("{\"messages\": %zu}\n", arrived);
    arrived = 0;
}

static void obey(char *line)
{
    char path[4096];
    size_t wanted;
    int number, milliseconds;
    int64_t start = now();
    if (sscanf(line, "wait %zu %d", &wanted, &milliseconds) == 2) {
        while (arrived < wanted && now() - start < milliseconds * 1000000LL) turn(10);
        printf("{\"messages\": %zu, \"ms\": %.1f}\n", arrived, (now() - start) / 1e6);
    } else if (sscanf(line, "dump %4095s", path) == 1) {
        dump(path);
    } else if (sscanf(line, "stop %d", &number) == 1 && number >= 0 && number < count) {
        epoll_ctl(poller, EPOLL_CTL_DEL, clients[number].descriptor, NULL);
        printf("{}\n");
    } else if (strncmp(line, "say ", 4) == 0) {
        for (number = 0; number < count; number++)
            if (clients[number].state == OPEN) send_frame(&clients[number], 1, line + 4, strlen(line + 4));
        printf("{}\n");
    } else if (strncmp(line, "reopen", 6) == 0) {
        for (int index = 0; index < count; index++) close_client(&clients[index]);
        double opening_time = open_all();
        while (greeted < opened && now() - start < 60000000000LL) turn(100);
        printf("{\"open\": %d, \"refused\": %d, \"greeted\": %d, \"open_ms\": %.1f, \"ms\": %.1f}\n", opened, refused, greeted,
            opening_time, (now() - start) / 1e6);
    } else {
        printf("{\"open\": %d, \"closed\": %d, \"refused\": %d, \"deflating\": %d, \"compressed\": %d}\n", opened, closed,
            refused, deflating, compressed);
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: crowd PORT CONNECTIONS SOURCES ws|sse REQUEST [FIRST [MARKER]]\n");
        return 2;
    }
    port = atoi(argv[1]);
    count = atoi(argv[2]);
    sources = atoi(argv[3]);
    is_stream = strcmp(argv[4], "sse") == 0;
    request = content_of(argv[5]);
    if (argc > 6 && *argv[6]) read_first(argv[6]);
    marker = argc > 7 && *argv[7] ? argv[7] : NULL;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    clients = calloc(count, sizeof *clients);
    poller = epoll_create1(0);
    double milliseconds = open_all();
    printf("{\"open\": %d, \"refused\": %d, \"ms\": %.1f}\n", opened, refused, milliseconds);
    fflush(stdout);
    // Between commands, what the clients get is read all the while.
    struct epoll_event input = {.events = EPOLLIN};
    int both = epoll_create1(0);
    epoll_ctl(both, EPOLL_CTL_ADD, STDIN_FILENO, &input);
    epoll_ctl(both, EPOLL_CTL_ADD, poller, &(struct epoll_event){.events = EPOLLIN, .data.fd = poller});
    char line[8192];
    size_t length = 0;
    for (;;) {
        struct epoll_event ready[2];
        int events = epoll_wait(both, ready, 2, -1);
        for (int index = 0; index < events; index++) {
            if (ready[index].data.fd == poller) {
                turn(0);
                continue;
            }
            ssize_t read_count = read(STDIN_FILENO, line + length, sizeof line - 1 - length);
            if (read_count <= 0) return 0;
            length += read_count;
            line[length] = 0;
            char *end;
            while ((end = strchr(line, '\n')) != NULL) {
                *end = 0;
                obey(line);
                length -= end + 1 - line;
                memmove(line, end + 1, length + 1);
            }
        }
    }
}
