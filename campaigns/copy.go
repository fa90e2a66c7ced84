package campaigns

import (
	"embed"
	"maps"
	"strings"
)

//go:embed copy/*.txt
var copyFiles embed.FS

// spoken is what the gateway says on its own, by locale and key. It is data: see copy/*.txt.
var spoken = map[string]map[string]string{"vi": readCopy("vi"), "en": readCopy("en")}

func readCopy(locale string) map[string]string {
	raw, err := copyFiles.ReadFile("copy/" + locale + ".txt")
	if err != nil {
		panic(err) // the file is part of the program
	}
	texts := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		key, text, ok := strings.Cut(strings.TrimSpace(line), "=")
		if ok && !strings.HasPrefix(key, "#") {
			texts[strings.TrimSpace(key)] = strings.ReplaceAll(strings.TrimSpace(text), `\n`, "\n")
		}
	}
	return texts
}

// Keys of copy/*.txt. What is said for a kind of question is "again_" and the kind.
const (
	sayStop         = "stop"
	sayBack         = "back"
	sayBackThere    = "back_there"
	sayBackBy       = "back_by"
	sayStart        = "start"
	sayHelp         = "help"
	sayHelpContact  = "help_contact"
	sayData         = "data"
	sayNoData       = "data_nothing"
	sayForget       = "forget"
	sayAgent        = "agent"
	sayAgain        = "again"
	sayAgainAsked   = "again_question"
	sayPassedOn     = "passed_on"
	saySorry        = "sorry"
	sayAgainSkip    = "again_skip"
	sayMaybe        = "maybe"
	sayMaybeWord    = "maybe_word"
	sayRight        = "right"
	sayChanged      = "changed"
	sayNoted        = "noted"
	sayHandOver     = "hand_over"
	sayHandedOver   = "handed_over"
	sayRemind       = "remind"
	sayByLink       = "by_link"
	sayCode         = "code"
	sayProofLink    = "proof_link"
	sayCodeWrong    = "code_wrong"
	sayCodeOver     = "code_over"
	sayProved       = "proved"
	sayThanks       = "thanks"
	saySkipped      = "thanks_skipped"
	sayLate         = "late"
	sayNothingOpen  = "nothing_open"
	sayWelcome      = "welcome"
	sayHello        = "hello"
	sayStopped      = "stopped"
	sayUnknown      = "unknown"
	sayYes          = "yes"
	sayNo           = "no"
	sayButtonYes    = "button_yes"
	sayButtonNo     = "button_no"
	sayDataName     = "data_name"
	sayMarketingYes = "data_marketing_yes"
	sayMarketingNo  = "data_marketing_no"
	sayDataMore     = "data_more"
	sayDataRights   = "data_rights"
	sayDataPage     = "data_page"
	sayWhereWeWere  = "where_we_were"
	sayFrom         = "from"
	sayUpTo         = "up_to"
)

// phrase is the gateway's own text of that key in the customer's language, with the usual placeholders and extra.
func (t *turn) phrase(key string, extra map[string]string) string {
	texts, ok := spoken[t.locale()]
	if !ok {
		texts = spoken["en"]
	}
	vars := t.vars()
	maps.Copy(vars, extra)
	return Render(texts[key], vars)
}

// saidIn is the gateway's own text of that key in each language.
func saidIn(key string) Texts {
	all := Texts{}
	for locale, texts := range spoken {
		all[locale] = texts[key]
	}
	return all
}

// joined puts texts that are not empty below each other.
func joined(texts ...string) string {
	var kept []string
	for _, s := range texts {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, "\n")
}
