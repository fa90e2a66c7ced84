# Who presses start in the chat is greeted, has agreed to nothing by it, and is told how to come back who has stopped.
press
run autumn r1
in TC
press
in DK
press
press
press
----
> press
  < reply sms to tel
      Dạ Lụa chào mình ạ! Mình cần gì cứ nhắn ở đây nhé.
  contact.created provider_opt_in
  event.received provider_opt_in
  message.queued
> run autumn r1
> in TC
  < control sms to tel
      Lụa: Đã nhận yêu cầu từ chối lúc 10:00 05/12/2026. Bên em ngừng gửi tin quảng cáo từ 10:00 05/12/2026. Muốn nhận lại, mình soạn DK.
  message.received
  reply.command stop
  contact.suppressed keyword
  consent.changed marketing
  message.queued
> press
  < control sms to tel
      Lụa: Dạ mình đang không nhận tin quảng cáo ạ. Muốn nhận lại, mình soạn DK.
  event.received provider_opt_in
  message.queued
> in DK
  < control sms to tel
      Lụa: Dạ mình đã đồng ý nhận tin từ Lụa. Cần hướng dẫn, mình soạn HD. Muốn ngừng nhận, mình soạn TC.
  message.received
  reply.command start
  contact.unsuppressed keyword
  consent.changed marketing
  message.queued
> press
  < reply sms to tel
      Dạ Lụa chào mình ạ! Mình cần gì cứ nhắn ở đây nhé.
  event.received provider_opt_in
  message.queued
> press
  event.received provider_opt_in
  message.not_sent answered_today
> press
  event.received provider_opt_in
  message.not_sent answered_today
