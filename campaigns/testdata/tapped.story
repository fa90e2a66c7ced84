# A tap on Zalo means the same as the typed number, and the conversation stays where the customer writes.
edit name=Lan zalo=77 yes
run autumn r1
send
zalo Thể thao
counts
