package main

import (
	"math"
	"math/rand/v2"
	"strings"
)

// How customers word a valid answer to the question that those of the stage were asked.
var (
	wordedCores = []string{"2", "1", "3", "công sở", "cong so", "thể thao", "dự tiệc", "the thao", "du tiec", "năng động", "nang dong", "so 2"}
	wordedTails = []string{"", " ạ", " nha", " nhé", " nha shop", " nhe", " a", " em", " nghen", " ạ, cảm ơn shop"}
	wordedHeads = []string{"", "dạ ", "em chọn ", "shop ơi ", "chị thích ", "ok ", "cho em ", "mình thích "}
	wordedSigns = []string{"", " 😊", "!", " ❤️"}
)

// repliesDrawn is how many replies come before the first comes again.
const repliesDrawn = 1 << 14

// wordings is each way to word an answer, the plain ones first.
func wordings() []string {
	all := make([]string, 0, len(wordedCores)*len(wordedTails)*len(wordedHeads)*len(wordedSigns))
	for _, sign := range wordedSigns {
		for _, head := range wordedHeads {
			for _, tail := range wordedTails {
				for _, core := range wordedCores {
					all = append(all, strings.Join([]string{head, core, tail, sign}, ""))
				}
			}
		}
	}
	return all
}

// replyTexts is what customers answer, the same in each round. Every second one writes no more than the number or the name of an
// option. Of the others many write what others wrote, and many what hardly anybody did: as with words, the n-th wording comes a n-th
// as often as the first (Zipf's law).
func replyTexts() []string {
	all, drawn := wordings(), rand.New(rand.NewPCG(1, 2)) //nolint:gosec // it only has to be the same each time
	texts := make([]string, repliesDrawn)
	for i := range texts {
		if texts[i] = all[int(math.Pow(float64(len(all)), drawn.Float64()))-1]; i%2 == 0 {
			texts[i] = wordedCores[drawn.IntN(len(wordedCores))]
		}
	}
	return texts
}
