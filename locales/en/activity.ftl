### English: the texts of the feature module `activity`.

## Staff notifications

notifications-title = Notifications
notifications-telegram = Telegram
notifications-linked = Messages are told to { $name }.
notifications-unlink = Unlink
notifications-lost = The bot was blocked { $time }, so nothing is told any more. Link Telegram again to be told.
notifications-no-bot = The company has no Telegram bot that could tell you. An administrator connects one under Channels.
notifications-how = A bot of the company can tell you of messages in Telegram, wherever you are.
notifications-link = Link Telegram by @{ $bot }
notifications-open = Open @{ $bot }
notifications-then = Press Start there, within an hour.
notifications-of = Tell me of
told-of-all = All messages of clients
told-of-mine = Messages of clients to whom I have written
told-of-none = No messages of clients
notifications-failed = My own messages that fail
notifications-with-text = Show what the message says
notifications-quiet = Quiet hours
notifications-quiet-hint = Nothing is told from the first hour to the second, in the company’s time zone ({ $zone }); what came meanwhile is told after it, if nobody has read it. Empty for none.
field-inbound = { notifications-of }
field-failed = { notifications-failed }
field-with_text = { notifications-with-text }
field-quiet_from = From
field-quiet_to = To
notifications-device = On this device
notifications-device-hint = While Aloqa is open in a tab that you are not looking at.
notifications-device-script = This needs JavaScript.
notifications-denied = This browser does not allow notifications of this site. Its settings can change that.
notifications-browser = Notifications
notifications-sound = Sound
notice-inbound = { $count ->
    [one] New message from { $client } ({ $company })
   *[other] { $count } new messages from { $client } ({ $company })
}
notice-failed = { $count ->
    [one] Your message to { $client } was not delivered ({ $company })
   *[other] { $count } of your messages to { $client } were not delivered ({ $company })
}
notice-linked = Done: from now on { $company } tells you of messages here.
