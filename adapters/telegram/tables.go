package telegram

import (
	"strings"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// meaning of an error. Telegram tells its kinds apart by sentences only, which have been the same for years; they are
// matched and never repeated.
func meaning(code int, description string) httpcall.Known {
	description = strings.ToLower(description)
	for _, x := range sentences() {
		if code == x.code && strings.Contains(description, x.part) {
			return x.Known
		}
	}
	return httpcall.Known{}
}

type sentence struct {
	code int
	part string
	httpcall.Known
}

func sentences() []sentence {
	return []sentence{
		{403, "blocked by the user", httpcall.Known{Fault: adapters.Stopped, Detail: "the user blocked the bot"}},
		{403, "deactivated", httpcall.Known{Fault: adapters.Recipient, Detail: "the user is gone"}},
		{403, "initiate conversation", httpcall.Known{Fault: adapters.Window, Detail: "the user never pressed start"}},
		{403, "kicked", httpcall.Known{Fault: adapters.Stopped, Detail: "the bot was thrown out"}},
		{400, "chat not found", httpcall.Known{Fault: adapters.Recipient, Detail: "no such chat"}},
		{400, "peer_id_invalid", httpcall.Known{Fault: adapters.Recipient, Detail: "no such chat"}},
		{400, "", httpcall.Known{Fault: adapters.BadMessage, Detail: "the message was refused"}},
		{401, "", httpcall.Known{Fault: adapters.Operator, Detail: "the bot's token was revoked"}},
		{404, "", httpcall.Known{Fault: adapters.Operator, Detail: "the bot's token is malformed"}},
		{429, "", httpcall.Known{Fault: adapters.Throttled, Detail: "too many requests"}},
	}
}
