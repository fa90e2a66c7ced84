# A question that did not arrive leaves nobody open.
edit name=Lan yes
run autumn r1
fail
run autumn r2
send
report undelivered
run gift g1
send
report delivered
report read
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
> fail
  message.failed style recipient
  conversation.stopped style recipient
> run autumn r2
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
> report undelivered
  message.failed style undelivered
  conversation.stopped style undelivered
> run gift g1
  < ad sms to tel
      [QC] Mình mua làm quà phải không ạ?
      Tu choi: soan TC
  conversation.asked gift
  message.queued gift
> send
  message.sent gift
> report delivered
  message.delivered gift
> report read
  message.read gift
> counts
  g1 map[asked:1 audience:1 delivered:1 queued:0 sent:1]
  r1 map[asked:1 audience:1 failed:1 queued:0]
  r2 map[asked:1 audience:1 failed:1 queued:0 sent:0]
