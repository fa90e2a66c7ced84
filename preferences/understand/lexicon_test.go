package understand

import (
	"strings"
	"testing"
)

// TestPlainWordFiles: in the files that hold words alone, each line has an example, and each word stands in a section once.
func TestPlainWordFiles(t *testing.T) {
	for _, file := range []string{"everyday", "counting"} {
		sections := readSections(wordFile(file))
		if len(sections) == 0 {
			t.Errorf("%s.txt has no sections", file)
		}
		for _, s := range sections {
			for _, line := range s.patterns {
				if _, example, _ := strings.Cut(line, "#"); strings.TrimSpace(example) == "" {
					t.Errorf("%s.txt, [%s]: %q has no example behind #", file, s.name, line)
				}
			}
			seen := map[string]bool{}
			for _, w := range plainWords(file, s.name) {
				if seen[w] || w != strings.ToLower(clean(w)) {
					t.Errorf("%s.txt, [%s]: %q stands there twice, or not in small letters", file, s.name, w)
				}
				seen[w] = true
			}
		}
	}
}

// TestKeysOfWrittenWords: whoever edits a list writes words as they are spelt; what is compared is what customers type.
func TestKeysOfWrittenWords(t *testing.T) {
	for _, typed := range []string{"khong", "dung", "ngay", "nhe"} {
		if !commonVietnamese[typed] {
			t.Errorf("%q is in no list", typed)
		}
	}
	if key := tokenise("2 ly", true, nil).toks[1].key; !containers[key] {
		t.Errorf("ly is typed as %q, which is no container", key)
	}
	if ordinals["third"] != 3 || ordinals["tenth"] != 10 {
		t.Errorf("places are counted wrong: %v", ordinals)
	}
}
