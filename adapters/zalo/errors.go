package zalo

import (
	"encoding/json"
	"time"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/httpcall"
)

// refusedToken reports whether a code says that the access token is no good: invalid, expired, or invalid for ZNS.
func refusedToken(code json.Number) bool { return code == "-216" || code == "-220" || code == "-124" }

// chatCodes are the codes of messages to a Zalo id (OA OpenAPI v3). -100 and -200 are not among them: they do not say
// whether the message was taken.
func chatCodes() map[int]httpcall.Known {
	return map[int]httpcall.Known{
		-32:  {Fault: adapters.Throttled, Detail: "too many requests of this app"},
		-210: {Fault: adapters.Throttled, Detail: "too many requests"},
		-211: {Fault: adapters.Later, Detail: "the OA's quota is used up"},
		-234: {Fault: adapters.Later, Detail: "not at night"},

		-218: {Fault: adapters.Window, Detail: "the quota for this user is used up until they write"},
		-230: {Fault: adapters.Window, Detail: "the user has not written for 7 days"},
		-232: {Fault: adapters.Window, Detail: "the user has not written"},
		-213: {Fault: adapters.Recipient, Detail: "the user never wrote to the OA and does not follow it"},
		-227: {Fault: adapters.Recipient, Detail: "the user is banned or has been away for 45 days"},
		-201: {Fault: adapters.Recipient, Detail: "the user's id is not valid for this OA"},
		-403: {Fault: adapters.Recipient, Detail: "the user cannot be reached"},
		-244: {Fault: adapters.Stopped, Detail: "the user refuses messages of this kind"},

		-233: {Fault: adapters.BadMessage, Detail: "the kind of message is not supported"},
		-248: {Fault: adapters.BadMessage, Detail: "against Zalo's policy"},
		-249: {Fault: adapters.BadMessage, Detail: "the template cannot be sent to a Zalo id"},
		-240: {Fault: adapters.BadMessage, Detail: "this part of the API was shut down"},

		-204: {Fault: adapters.Operator, Detail: "the OA is disabled"},
		-205: {Fault: adapters.Operator, Detail: "the OA does not exist"},
		-209: {Fault: adapters.Operator, Detail: "the app is not active"},
		-212: {Fault: adapters.Operator, Detail: "the OA is not registered for this API"},
		-214: {Fault: adapters.Operator, Detail: "the app or OA is not allowed to do this"},
		-216: {Fault: adapters.Operator, Detail: "the token is refused, though it is new"},
		-217: {Fault: adapters.Operator, Detail: "the OA has not allowed the app to do this"},
		-219: {Fault: adapters.Operator, Detail: "the app is disabled"},
		-220: {Fault: adapters.Operator, Detail: "the token is refused, though it is new"},
		-221: {Fault: adapters.Operator, Detail: "the OA is not verified"},
		-223: {Fault: adapters.Operator, Detail: "the OA is not authorised for this"},
		-224: {Fault: adapters.Operator, Detail: "the OA's tier does not include this"},
		-242: {Fault: adapters.Operator, Detail: "app_secret does not prove the token"},
		-320: {Fault: adapters.Operator, Detail: "no Zalo Cloud account is linked"},
		-321: {Fault: adapters.Operator, Detail: "the Zalo Cloud account is out of money"},
	}
}

// templateCodes are the codes of templates to telephone numbers. -100 and -120 to -123 are not among them: they do not
// say whether the message was taken.
func templateCodes() map[int]httpcall.Known {
	return map[int]httpcall.Known{
		-32: {Fault: adapters.Throttled, Detail: "too many requests of this app"},

		-133:  {Fault: adapters.Later, Detail: "not at night"},
		-144:  {Fault: adapters.Later, Detail: "the OA's daily quota is used up"},
		-147:  {Fault: adapters.Later, Detail: "the template's daily quota is used up"},
		-1472: {Fault: adapters.Later, Detail: "one promotion a day for each user"},
		-1441: {Fault: adapters.Later, Detail: "the OA's monthly quota of promotions is used up"},
		-1471: {Fault: adapters.Later, Detail: "the template's monthly quota of promotions is used up"},

		-108: {Fault: adapters.Recipient, Detail: "not a telephone number"},
		-110: {Fault: adapters.Recipient, Detail: "the user's Zalo is too old"},
		-114: {Fault: adapters.Recipient, Detail: "the user is inactive or cannot get templates"},
		-118: {Fault: adapters.Recipient, Detail: "the number has no Zalo account"},
		-119: {Fault: adapters.Recipient, Detail: "the number cannot get templates"},
		-139: {Fault: adapters.Stopped, Detail: "the user refuses messages of this kind"},
		-140: {Fault: adapters.Stopped, Detail: "the user refuses messages after a journey"},
		-141: {Fault: adapters.Stopped, Detail: "the user refuses messages of this OA"},

		-109:  {Fault: adapters.BadMessage, Detail: "no such template"},
		-111:  {Fault: adapters.BadMessage, Detail: "the template has no data"},
		-112:  {Fault: adapters.BadMessage, Detail: "a value of the template is not valid"},
		-1121: {Fault: adapters.BadMessage, Detail: "a value of the template is missing"},
		-1122: {Fault: adapters.BadMessage, Detail: "a value of the template is missing or not valid"},
		-1124: {Fault: adapters.BadMessage, Detail: "a value of the template is too long or not valid"},
		-113:  {Fault: adapters.BadMessage, Detail: "a button of the template is not valid"},
		-1131: {Fault: adapters.BadMessage, Detail: "a button of the template is not valid"},
		-117:  {Fault: adapters.BadMessage, Detail: "the OA may not use this template"},
		-131:  {Fault: adapters.BadMessage, Detail: "the template is not approved"},
		-132:  {Fault: adapters.BadMessage, Detail: "the content is not allowed"},
		-145:  {Fault: adapters.BadMessage, Detail: "the template may not be sent"},
		-146:  {Fault: adapters.BadMessage, Detail: "the template was disabled for its quality"},
		-148:  {Fault: adapters.BadMessage, Detail: "the journey's token is missing"},
		-149:  {Fault: adapters.BadMessage, Detail: "the journey's token is not valid"},
		-150:  {Fault: adapters.BadMessage, Detail: "the journey's token has expired"},

		-101:  {Fault: adapters.Operator, Detail: "the app is not valid"},
		-102:  {Fault: adapters.Operator, Detail: "the app does not exist"},
		-103:  {Fault: adapters.Operator, Detail: "the app is not active"},
		-104:  {Fault: adapters.Operator, Detail: "app_secret is not valid"},
		-105:  {Fault: adapters.Operator, Detail: "the app is not linked to the OA"},
		-106:  {Fault: adapters.Operator, Detail: "the method is not supported"},
		-107:  {Fault: adapters.Operator, Detail: "the message's id is not accepted"},
		-115:  {Fault: adapters.Operator, Detail: "the balance is used up"},
		-116:  {Fault: adapters.Operator, Detail: "the app or OA may not send this"},
		-124:  {Fault: adapters.Operator, Detail: "the token is refused, though it is new"},
		-216:  {Fault: adapters.Operator, Detail: "the token is refused, though it is new"},
		-220:  {Fault: adapters.Operator, Detail: "the token is refused, though it is new"},
		-1241: {Fault: adapters.Operator, Detail: "app_secret does not prove the token"},
		-125:  {Fault: adapters.Operator, Detail: "the OA is not valid"},
		-126:  {Fault: adapters.Operator, Detail: "development mode: the balance is used up"},
		-127:  {Fault: adapters.Operator, Detail: "development mode: administrators only"},
		-135:  {Fault: adapters.Operator, Detail: "the OA may not send templates"},
		-1351: {Fault: adapters.Operator, Detail: "the OA may not send templates: it is blocked"},
		-136:  {Fault: adapters.Operator, Detail: "no Zalo Cloud account is linked"},
		-137:  {Fault: adapters.Operator, Detail: "the Zalo Cloud account cannot be charged"},
		-138:  {Fault: adapters.Operator, Detail: "the app has no permission to send templates"},
		-1381: {Fault: adapters.Operator, Detail: "the app's permission to send templates was taken away"},
	}
}

// morning is when Zalo's quiet hours are over by the stricter of its documents.
const morning = 7

// after is when a message may be tried again that came too early: the next morning in Vietnam, or that of next month.
func after(code int, now time.Time) time.Time {
	vietnam := time.FixedZone("ICT", 7*60*60) // no summer time since 1975
	at := now.In(vietnam)
	year, month, day := at.Date()
	switch {
	case code == -1441 || code == -1471:
		return time.Date(year, month+1, 1, morning, 0, 0, 0, vietnam)
	case (code == -133 || code == -234) && at.Hour() < morning:
		return time.Date(year, month, day, morning, 0, 0, 0, vietnam)
	}
	return time.Date(year, month, day+1, morning, 0, 0, 0, vietnam)
}
