# With buttons a yes is tapped or said: a 1 is the question's own first option. No is no.
edit name=Lan zalo=77 yes locale=en
run autumn r1
send
zalo cong xo
zalo no
zalo office
zalo yes please
----
> edit name=Lan zalo=77 yes locale=en
  contact.created edit
  contact.edited
  consent.changed marketing
> run autumn r1
  < ad zalo to zalo
      Which style is you, Lan?
      (1) Sporty
      (2) Office
  conversation.asked style
  message.queued style
> send
  message.sent style
> zalo cong xo
  < reply zalo to zalo
      Did you mean Office? Reply "yes" if so.
      (yes) Yes
  message.received
  reply.unclear style asked_back
  message.queued style
> zalo no
  < reply zalo to zalo
      Sorry, we did not get that.
      Which style is you, Lan?
      Please pick one of the numbers below.
      To skip it, reply: skip.
      (1) Sporty
      (2) Office
  message.received
  reply.unclear style
  message.queued style
> zalo office
  < reply zalo to zalo
      What is your budget?
  message.received
  reply.understood style
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
> zalo yes please
  message.received
  reply.unclear budget waits_for_more
