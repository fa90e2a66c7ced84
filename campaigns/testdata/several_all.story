# All at once.
edit name=Lan yes
run club r1
in dạ size L nha, màu xanh và email là lan@vidu.vn
----
> edit name=Lan yes
  contact.created edit
  contact.edited
  consent.changed marketing
> run club r1
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
> in dạ size L nha, màu xanh và email là lan@vidu.vn
  < reply sms to tel
      Cảm ơn Lan đã trả lời ạ!
      Nhắn TUVAN để được tư vấn riêng ạ.
  message.received
  reply.understood size
  preference.changed size declared size=l
  reply.understood colour anticipated
  preference.changed colour declared colour=blue
  reply.understood email anticipated
  preference.changed email declared email=lan@vidu.vn
  offer.given advice
  message.queued advice
  conversation.completed size
