package adapters_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/adaptertest/judge"
)

// Random texts are measured as an independent calculator measures them: encoding, segments, and which characters are to
// blame. It keeps what is drawn as one picture (a family, a flag) in one segment; telephones do not, so that such texts
// are left out here.
func TestAnIndependentCalculatorAgrees(t *testing.T) {
	t.Parallel()
	alphabets := [][]string{
		strings.Split("abc XYZ.,!?0123456789\n@_-", ""),
		strings.Split("[]{}^~|\\€", ""),
		strings.Split("àèéìòùäöñüÀÇÉ¿¡ß", ""),
		strings.Split("ảãạăằắẳẵặâầấẩẫậđêềếểễệĐƯỞ₫", ""),
		strings.Split("😀🎁☕`“”…–", ""),
	}
	rnd := rand.New(rand.NewPCG(20261126, 1))
	var texts []string
	for range 2000 {
		var b strings.Builder
		kinds := 1 + rnd.IntN(len(alphabets))
		for range rnd.IntN(500) {
			a := alphabets[rnd.IntN(kinds)]
			if rnd.IntN(3) > 0 {
				a = alphabets[0]
			}
			b.WriteString(a[rnd.IntN(len(a))])
		}
		texts = append(texts, "a"+b.String())
	}
	var theirs []struct {
		Encoding  string
		Count     int
		Offenders []string
	}
	judge.Ask(t, `
		const { SegmentedMessage } = require('sms-segments-calculator');
		answer(asked.map((text) => {
			const m = new SegmentedMessage(text);
			return { Encoding: m.getEncodingName(), Count: m.segmentsCount, Offenders: m.getNonGsmCharacters() };
		}));`, texts, &theirs)
	for i, text := range texts {
		ours, his := adapters.Segments(text), theirs[i]
		var blamed []string
		for _, r := range ours.Offenders {
			blamed = append(blamed, string(r))
		}
		his.Offenders = slices.Compact(slices.Sorted(slices.Values(his.Offenders)))
		slices.Sort(blamed)
		if string(ours.Encoding) != his.Encoding || ours.Count != his.Count || !slices.Equal(blamed, his.Offenders) {
			t.Errorf("%q:\nours  %+v %q\nhis %+v", text, ours, blamed, his)
		}
	}
}
