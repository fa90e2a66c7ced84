package judge_test

import (
	"testing"

	"github.com/hoidap/hoidap/adapters/adaptertest/judge"
)

func TestJudgesAnswer(t *testing.T) {
	t.Parallel()
	var got []string
	judge.Ask(t, `answer(asked.map((name) => typeof require(name)))`,
		[]string{"twilio", "@line/bot-sdk", "viber-bot", "smpp", "sms-segments-calculator", "@vonage/sms"}, &got)
	if len(got) != 6 {
		t.Fatal(got)
	}
	for i, kind := range got {
		if kind != "object" && kind != "function" {
			t.Errorf("program %d is a %s", i, kind)
		}
	}
}
