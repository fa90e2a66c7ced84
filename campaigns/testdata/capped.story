# Three ads to a number within 24 hours, of whichever campaigns; the fourth waits until the first of them is a day old. Answers
# are no ads, and what is written before the fourth has left is no answer to it.
edit name=Lan yes
at 2026-12-05 09:00
run autumn r1
send
in 1
send
at 2026-12-05 11:00
run gift r2
send
in có
send
at 2026-12-05 13:00
run club r3
send
in s
send
in trắng
send
in lan@lua.vn
send
at 2026-12-05 20:00
run gift r4
counts
in 2
send
at 2026-12-06 08:59
send
at 2026-12-06 09:00
send
in 2
counts
----
> edit name=Lan yes
  contact.created edit
  contact.edited
  consent.changed marketing
> at 2026-12-05 09:00
> run autumn r1
  < ad sms to tel
      [QC] Chị Lan thích phong cách nào?
      1. Thể thao
      2. Công sở
      Tu choi: soan TC
      (1) Thể thao
      (2) Công sở
  conversation.asked style
  message.queued style
> send
  message.sent style
> in 1
  < reply sms to tel
      Cảm ơn Lan!
      Mời Lan xem trước đồ Thể thao: https://lua.vn/s
  message.received
  reply.understood style
  preference.changed style declared style=sporty
  offer.given sporty-early
  message.queued sporty-early
  conversation.completed style
> send
  message.sent
> at 2026-12-05 11:00
> run gift r2
  < ad sms to tel
      [QC] Mình mua làm quà phải không ạ?
      Tu choi: soan TC
  conversation.asked gift
  message.queued gift
> send
  message.sent gift
> in có
  < reply sms to tel
      Cảm ơn Lan đã trả lời ạ!
  message.received
  reply.understood gift
  preference.changed gift declared gift=
  offer.none campaign_has_none
  message.queued
  conversation.completed gift
> send
  message.sent
> at 2026-12-05 13:00
> run club r3
  < ad sms to tel
      [QC] Mình mặc size nào ạ?
      1. S
      2. M
      3. L
      Tu choi: soan TC
      (1) S
      (2) M
      (3) L
  conversation.asked size
  message.queued size
> send
  message.sent size
> in s
  < reply sms to tel
      Mình thích màu nào ạ?
      (1) Đen
      (2) Trắng
      (3) Xanh
  message.received
  reply.understood size
  preference.changed size declared size=s
  conversation.asked colour
  message.queued colour
> send
  message.sent colour
> in trắng
  < reply sms to tel
      Mình cho em xin email ạ?
  message.received
  reply.understood colour
  preference.changed colour declared colour=white
  conversation.asked email
  message.queued email
> send
  message.sent email
> in lan@lua.vn
  < reply sms to tel
      Cảm ơn Lan đã trả lời ạ!
      Nhắn TUVAN để được tư vấn riêng ạ.
  message.received
  reply.understood email
  preference.changed email declared email=lan@lua.vn
  offer.given advice
  message.queued advice
  conversation.completed email
> send
  message.sent
> at 2026-12-05 20:00
> run gift r4
  < ad sms to tel at 2026-12-06 09:00
      [QC] Mình mua làm quà phải không ạ?
      Tu choi: soan TC
  conversation.asked gift
  message.held gift frequency_cap
> counts
  r1 map[answered:1 asked:1 audience:1 completed:1 offered:1 queued:0 sent:1]
  r2 map[answered:1 asked:1 audience:1 completed:1 queued:0 sent:1]
  r3 map[answered:1 asked:1 audience:1 completed:1 offered:1 queued:0 sent:1]
  r4 map[asked:1 audience:1 held:1]
> in 2
  < reply sms to tel
      Dạ Lụa đã nhận được tin của mình và chuyển tới nhân viên ạ.
  message.received
  inbox.added no_open_question
  message.queued
> send
  message.sent
> at 2026-12-06 08:59
> send
> at 2026-12-06 09:00
> send
  message.sent gift
> in 2
  message.received
  reply.unclear gift waits_for_more
> counts
  r1 map[answered:1 asked:1 audience:1 completed:1 offered:1 queued:0 sent:1]
  r2 map[answered:1 asked:1 audience:1 completed:1 queued:0 sent:1]
  r3 map[answered:1 asked:1 audience:1 completed:1 offered:1 queued:0 sent:1]
  r4 map[asked:1 audience:1 held:0 sent:1]
