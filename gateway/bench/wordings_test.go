package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/preferences/understand"
)

// TestEachWordingIsAnAnswer to the question that customers of the stage were asked: none costs a second message.
func TestEachWordingIsAnAnswer(t *testing.T) {
	set, problems := files.LoadFiles([]string{"campaigns/bench.yaml"}, os.ReadFile, files.Options{})
	require.Empty(t, problems)
	reader := understand.Compile(&set.Campaigns["style"].Questions[0].Ask)
	for _, text := range wordings() {
		r := reader.Read(understand.Ask{Locale: "vi"}, text)
		require.Equal(t, understand.Answered, r.Status, "%q: %s", text, r.Rule)
		require.False(t, r.Asks || r.Corrects || r.Complains, "%q", text)
	}
}

// TestWordingsComeAgainAsPeopleRepeatOthers: half are plain, and a sixth are such as few write.
func TestWordingsComeAgainAsPeopleRepeatOthers(t *testing.T) {
	count := map[string]int{}
	for _, text := range replyTexts() {
		count[text]++
	}
	rare, plain := 0, 0
	for _, core := range wordedCores {
		plain += count[core]
	}
	require.InDelta(t, .65, float64(plain)/repliesDrawn, .05, "half, and what comes of Zipf's law")
	for _, n := range count {
		if n <= 8 {
			rare += n
		}
	}
	require.InDelta(t, .2, float64(rare)/repliesDrawn, .05)
	require.Greater(t, len(count), 1500)
}
