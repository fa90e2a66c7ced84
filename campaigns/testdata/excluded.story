# Why not: each reason is counted and told.
edit name=Lan
run autumn r1
edit yes
run nothing r2
in 2
run autumn r3
run autumn r3
run gift r4
run gift r5
edit no
edit yes timezone=Nowhere
edit claim=declared
edit claim=imported
counts
----
> edit name=Lan
  contact.created edit
  contact.edited
> run autumn r1
  conversation.not_asked no_consent
> edit yes
  consent.changed marketing
> run nothing r2
  conversation.not_asked campaign_gone
> in 2
  < reply sms to tel
      Dạ Lụa đã nhận được tin của mình và chuyển tới nhân viên ạ.
  message.received
  inbox.added no_open_question
  message.queued
> run autumn r3
  < ad sms to tel
      [QC] Chị Lan thích phong cách nào?
      1. Thể thao
      2. Công sở
      Tu choi: soan TC
      (1) Thể thao
      (2) Công sở
  conversation.asked style
  message.queued style
> run autumn r3
  conversation.not_asked already_asked
> run gift r4
  conversation.not_asked another_question_is_open
> run gift r5
  conversation.not_asked another_question_is_open
> edit no
  consent.changed marketing
  conversation.stopped style no_consent
  conversation.not_asked no_consent
  conversation.not_asked no_consent
  message.not_sent style no_consent
> edit yes timezone=Nowhere
  problem: timezone "Nowhere" is not an IANA zone such as Asia/Ho_Chi_Minh
> edit claim=declared
  problem: preference "style": declared can only come from the customer; use imported
> edit claim=imported
  preference.changed imported style=sporty
> counts
  r1 map[audience:1 excluded:1]
  r3 map[asked:1 audience:1 excluded:1 opted_out:1 queued:0]
  r4 map[audience:1 excluded:1 held:0]
  r5 map[audience:1 excluded:1 held:0]
