package container

import (
	"fmt"
	"strings"
	"testing"
)

// jsonLine is a line as Elasticsearch logs it in a container: first what, then
// a page of context, then the error.
func jsonLine(level, message, errorType, errorMessage, trace string) string {
	line := fmt.Sprintf(`{"@timestamp":"2026-11-30T20:25:38.356Z","log.level":%q,"message":%q, "ecs.version": "1.2.0","service.name":"ES_ECS",`+
		`"event.dataset":"elasticsearch.server","process.thread.name":"main","log.logger":"org.elasticsearch.bootstrap.Elasticsearch",`+
		`"elasticsearch.node.name":"b15f5a59e966","elasticsearch.cluster.name":"docker-cluster","x":%q`, level, message, strings.Repeat("context ", 100))
	if errorType != "" {
		line += fmt.Sprintf(`,"error.type":%q,"error.message":%q,"error.stack_trace":%q`, errorType, errorMessage, trace)
	}
	return line + "}"
}

const (
	booting = "fatal exception while booting Elasticsearch"
	checks  = "node validation exception\n[1] bootstrap checks failed. You must address the points described in the following [1] lines before starting Elasticsearch. " +
		"For more information see [https://www.elastic.co/guide/en/elasticsearch/reference/8.19/bootstrap-checks.html]\nbootstrap check failure [1] of [1]: "
	maxMap  = "max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144]"
	unknown = "unknown setting [cluster.routing.nonsense] please check that any required plugins are installed, or check the breaking changes documentation for removed settings"
	locks   = "failed to obtain node locks, tried [/usr/share/elasticsearch/data]; maybe these locations are not writable or multiple nodes were started on the same data path?"
)

func TestLogs(t *testing.T) {
	t.Parallel()
	started := jsonLine("INFO", "loaded module [x-pack-core]", "", "", "")
	warned := jsonLine("WARN", maxMap, "", "", "")
	for _, tt := range []struct {
		name   string
		log    []string
		advice string // a part of it; "" for none
		shown  string // the last line
	}{
		{"nothing wrong", []string{started}, "", "INFO loaded module [x-pack-core]"},
		{"unknown setting", []string{started, jsonLine("ERROR", booting, "java.lang.IllegalArgumentException", unknown, "\tat x")},
			"does not know a setting", "ERROR " + booting + ": java.lang.IllegalArgumentException: " + unknown},
		{"data folder", []string{started, jsonLine("ERROR", booting, "java.lang.IllegalStateException", locks, "Caused by: java.nio.file.NoSuchFileException")},
			"may not write its own data folder", "ERROR " + booting + ": java.lang.IllegalStateException: " + locks},
		{"data folder, in the trace only", []string{jsonLine("ERROR", booting, "org.elasticsearch.ElasticsearchException", "failed to bind service",
			"Likely root cause: java.nio.file.AccessDeniedException: /usr/share/elasticsearch/data/_state")}, "may not write its own data folder", "ERROR " + booting + ": org.elasticsearch.ElasticsearchException: failed to bind service"},
		{"vm.max_map_count", []string{started, jsonLine("ERROR", checks+maxMap, "", "", ""), "ERROR: Elasticsearch exited unexpectedly, with exit code 78"},
			"sysctl -w vm.max_map_count=262144", "ERROR: Elasticsearch exited unexpectedly, with exit code 78"},
		{"vm.max_map_count before 8", []string{"ERROR: [1] bootstrap checks failed", "[1]: " + maxMap}, "sysctl -w vm.max_map_count=262144", "[1]: " + maxMap},
		{"another bootstrap check", []string{jsonLine("ERROR", checks+"the default discovery settings are unsuitable for production use", "", "", "")}, "mend what the log names",
			"ERROR " + strings.ReplaceAll(checks, "\n", " ") + "the default discovery settings are unsuitable for production use"},
		{"open files", []string{jsonLine("ERROR", checks+"max file descriptors [4096] for elasticsearch process is too low", "", "", "")}, "nofile",
			"ERROR " + strings.ReplaceAll(checks, "\n", " ") + "max file descriptors [4096] for elasticsearch process is too low"},
		{"a warning is not what it died of", []string{warned, jsonLine("ERROR", booting, "java.lang.IllegalArgumentException", unknown, "")},
			"does not know a setting", "ERROR " + booting + ": java.lang.IllegalArgumentException: " + unknown},
		{"a warning alone", []string{warned}, "", "WARN " + maxMap},
		{"heap", []string{jsonLine("ERROR", "fatal error in thread [main], exiting", "java.lang.OutOfMemoryError", "Java heap space", "")}, "raise --memory",
			"ERROR fatal error in thread [main], exiting: java.lang.OutOfMemoryError: Java heap space"},
		{"no room for the heap", []string{"Error occurred during initialization of VM", "Could not reserve enough space for 104856551424 KB object heap"}, "raise --memory",
			"Could not reserve enough space for 104856551424 KB object heap"},
		{"escapes", []string{jsonLine("INFO", "\x1b[31mred\u202e", "", "", ""), "\x1b]0;title\x07"}, "", "\uFFFD]0;title\uFFFD"},
		{"another processor", []string{"exec /bin/tini: exec format error"}, "another processor", "exec /bin/tini: exec format error"},
		{"the last cause holds", []string{jsonLine("ERROR", "first", "", "java.nio.file.AccessDeniedException", ""), "No space left on device"}, "disk space", "No space left on device"},
	} {
		got := readLog(strings.NewReader(strings.Join(tt.log, "\n")+"\n"), "")
		if (tt.advice == "") != (got.advice == "") || !strings.Contains(got.advice, tt.advice) {
			t.Errorf("%s: advice %q, want %q in it", tt.name, got.advice, tt.advice)
		}
		if last := got.lines[len(got.lines)-1]; last != tt.shown {
			t.Errorf("%s: shown as %q, want %q", tt.name, last, tt.shown)
		}
	}
}

func TestEndOfALog(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("old\n", 100) + "exec format error\n" + strings.Repeat("old\n", 100) + "\n  a \xff secret\n" + strings.Repeat("x", 3<<20) + "\nlast"
	got := readLog(strings.NewReader(text), "secret")
	want := []string{"a \uFFFD <redacted>", strings.Repeat("x", maxLine) + "…", "last"}
	if len(got.lines) != tailLines || strings.Join(got.lines[tailLines-3:], "\n") != strings.Join(want, "\n") {
		t.Errorf("got %d lines, the last: %.900q", len(got.lines), got.lines[len(got.lines)-3:])
	}
	if got.advice != "the image is for another processor" {
		t.Errorf("advice %q: a line that is not shown counts as well", got.advice)
	}
	if empty := readLog(strings.NewReader("\n"), ""); len(empty.lines) != 0 || !strings.Contains(empty.look("img"), "docker run --rm img") {
		t.Errorf("an empty log: %+v, %s", empty, empty.look("img"))
	}
}
