package understand

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/preferences"
)

// repeated are words that the readers look for, and openings that they go on from: the worst that a reply can consist of.
var repeated = []string{"không ", "à nhầm ", "1 ", "1-", "a", "đen ", "mèo ", "không chó ", "(", "nhầm 2 ", "thứ 2 tới ", "cái nào cũng ", "hay ", "k1 ", "đen nhưng ", "đen mà sao ",
	"cả hai ", "trừ đen ", "hết đen rồi ", "đen hay ", "1 cái ", "thứ ", "mai ", "50k ", "5 giờ ", "có không ", "stop ", "a@b ", "đừng nhắn ", "bỏ mình ra ", "đừng gửi hàng nữa ", "ngưng cho mình ", "nhắn tin "}

// questionOfEach is a question of each kind, as the files of readings write them. They are written out here so that what is counted and
// measured changes with the code alone, and not with the readings that are added.
var questionOfEach = []string{
	"yes_no | vi | Mình có nuôi mèo không? / Do you have a cat?",
	"choice | vi | Chị thích màu nào? / Which colour do you like? | red=Đỏ/Red | black=Đen/Black/màu đen | white=Trắng/White | none=Không cái nào/None",
	"choices | vi | Nhà mình nuôi con gì? / Which pets do you keep? | cat=Mèo/Cat | dog=Chó/Dog | fish=Cá cảnh/Fish | bird=Chim/Bird | none=Không nuôi/None",
	"number | vi | Nhà mình có mấy người? / How many people are you? | min=0 | max=20 | unit=người",
	"money | vi | Ngân sách khoảng bao nhiêu ạ? / What is your budget? | min=50000 | max=50000000 | currency=VND",
	"rating | vi | Bạn chấm mấy sao? / How many stars? | min=1 | max=5",
	"date | vi | Mình nhận hàng ngày nào? / Which day shall we deliver?",
	"time_window | vi | Giao giờ nào tiện ạ? / When may we deliver?",
	"text | vi | Mình cần góp ý gì thêm không? / Anything else to tell us?",
	"email | vi | Cho em xin email ạ? / Your e-mail address?",
}

// askedOfEach are these questions by their kind.
func askedOfEach(t testing.TB) map[string]Ask {
	kinds := map[string]Ask{}
	for _, line := range questionOfEach {
		a := parseAsk(line)
		kinds[string(a.Question.Kind)] = a
	}
	for _, kind := range preferences.Kinds() {
		if kinds[string(kind)].Question == nil {
			t.Fatalf("no question of kind %s", kind)
		}
	}
	return kinds
}

// long is the size in bytes of the replies that TestReadLongReplies reads when it is called to be counted.
const long = "HOIDAP_LONG_REPLIES"

// TestReadLongReplies reads replies that repeat a word, of no words unless it is called by the test below.
func TestReadLongReplies(t *testing.T) {
	size, _ := strconv.Atoi(os.Getenv(long)) // 0 where it is not set
	for kind, a := range askedOfEach(t) {
		reader := Compile(a.Question)
		for _, unit := range repeated {
			if r := reader.Read(a, strings.Repeat(unit, size/len(unit))); r.Rule == internalError {
				t.Errorf("%s: %q, repeated, is not read: %v", kind, unit, r.Trace)
			}
		}
	}
}

// TestLongRepliesAreBounded: no repetition of a word that the readers look for makes a reply slow. It counts how often
// each piece of the code runs: for a reply four times as long, four times as often, and not sixteen times. That holds
// for replies that are read whole and for those of which only the ends are.
func TestLongRepliesAreBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the package once more, to count")
	}
	const few = 20_000 // runs of a piece that are too few to tell
	whole := headBytes + tailBytes
	sizes := []int{whole / 4, whole, 4 * whole, 16 * whole}
	ran := runsOfLongReplies(t, append(sizes, 0)...)
	loops := 0
	for piece, always := range ran[len(sizes)] {
		for i := 0; i < len(sizes); i += 2 {
			once, four := ran[i][piece]-always, ran[i+1][piece]-always
			if four > 5*once+few {
				t.Errorf("%s runs %d times for replies of %d bytes, %d times for %d", piece, once, sizes[i], four, sizes[i+1])
			}
			if four > few {
				loops++
			}
		}
	}
	if loops == 0 {
		t.Error("nothing was counted")
	}
}

// runsOfLongReplies is how often each piece of the package's code runs for replies of each size.
func runsOfLongReplies(t *testing.T, sizes ...int) []map[string]int {
	binary := filepath.Join(t.TempDir(), "counted.test")
	if out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-covermode=count", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var all []map[string]int
	for _, size := range sizes {
		profile := filepath.Join(t.TempDir(), "profile")
		cmd := exec.CommandContext(t.Context(), binary, "-test.run=^TestReadLongReplies$", "-test.coverprofile="+profile)
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", long, size))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		all = append(all, counts(t, profile))
	}
	return all
}

// counts reads a coverage profile: "file.go:line.column,line.column statements runs" a line.
func counts(t *testing.T, profile string) map[string]int {
	f, err := os.Open(profile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]int{}
	for in := bufio.NewScanner(f); in.Scan(); {
		words := strings.Fields(in.Text())
		if len(words) != 3 {
			continue // the mode
		}
		n, err := strconv.Atoi(words[2])
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(words[0])] += n
	}
	return out
}

// BenchmarkLongReplies shows the same in time: each size is four times the one before.
func BenchmarkLongReplies(b *testing.B) {
	kinds := askedOfEach(b)
	for _, size := range []int{200, 800, 3200, 12800, 51200} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			readers := map[string]*Reader{}
			for kind, a := range kinds {
				readers[kind] = Compile(a.Question)
			}
			replies := make([]string, len(repeated))
			for i, unit := range repeated {
				replies[i] = strings.Repeat(unit, size/len(unit))
			}
			for b.Loop() {
				for kind, a := range kinds {
					for _, text := range replies {
						readers[kind].Read(a, text)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(kinds)*len(repeated)), "us/reply")
		})
	}
}
