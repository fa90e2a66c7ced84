# A question that never reached them has no late answer; nor is a bare yes one, a day later anybody's.
edit name=Lan yes
run autumn r1
ring expire
in 2
run gift r2
send
ring expire
in có ạ
run club r3
send
ring expire
at 2026-12-20 10:00
in M
counts
----
> edit name=Lan yes
  contact.created edit
  contact.edited
  consent.changed marketing
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
> ring expire
  conversation.expired style no_answer
> in 2
  < reply sms to tel
      Dạ Lụa đã nhận được tin của mình và chuyển tới nhân viên ạ.
  message.received
  inbox.added no_open_question
  message.queued
> run gift r2
  < ad sms to tel
      [QC] Mình mua làm quà phải không ạ?
      Tu choi: soan TC
  conversation.asked gift
  message.queued gift
> send
  message.not_sent style expired
  message.sent
  message.sent gift
> ring expire
  conversation.expired gift no_answer
> in có ạ
  < reply sms to tel
      Dạ cảm ơn Lan đã trả lời. Câu hỏi này đã khép lại rồi ạ, bên em đã chuyển tin của mình tới nhân viên.
  message.received
  inbox.added late
  message.queued
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
  message.sent
  message.sent size
> ring expire
  conversation.expired size no_answer
> at 2026-12-20 10:00
> in M
  < reply sms to tel
      Dạ cảm ơn Lan đã trả lời. Câu hỏi này đã khép lại rồi ạ, bên em đã chuyển tin của mình tới nhân viên.
  message.received
  inbox.added late
  message.queued
> counts
  r1 map[asked:1 audience:1 excluded:1 queued:0]
  r2 map[asked:1 audience:1 queued:0 sent:1]
  r3 map[asked:1 audience:1 queued:0 sent:1]
