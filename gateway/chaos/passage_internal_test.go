package chaos

import (
	"strings"
	"testing"
)

func TestRepliesTellAGatewaysOwnNumberHoweverTheyAreCut(t *testing.T) {
	t.Parallel()
	reply := "*2\r\n$9\r\n127.0.0.1\r\n$5\r\n15001\r\n-MOVED 3999 127.0.0.1:6381\r\n:1\r\n$11\r\n127.0.1271\r\n"
	want := strings.ReplaceAll(reply, home, number(3))
	for size := 1; size <= len(reply); size++ {
		var rest unended
		var got []byte
		for from := 0; from < len(reply); from += size {
			got = append(got, rest.renumber([]byte(reply[from:min(from+size, len(reply))]), []byte(number(3)))...)
		}
		if string(got) != want {
			t.Fatalf("in pieces of %d bytes: %q", size, got)
		}
	}
}
