### English: the texts of the feature module `activity`.

## Staff notifications

notifications-title = Notifications
notifications-telegram = Telegram
notifications-linked = Notifications go to { $name }.
notifications-unlink = Unlink
notifications-lost = The bot was blocked { $time }, so notifications have stopped. Link Telegram again to get them.
notifications-no-bot = The workspace has no Telegram bot for notifications. An administrator can connect one under Channels.
notifications-how = The workspace’s bot can notify you about messages in Telegram, wherever you are.
notifications-link = Link Telegram with @{ $bot }
notifications-open = Open @{ $bot }
notifications-then = Press Start there, within an hour.
notifications-of = Notify me about
told-of-all = All messages from clients
told-of-mine = Messages from clients I have written to
told-of-none = No messages from clients
notifications-failed = My messages that are not delivered
notifications-with-text = Show the text of the message
notifications-quiet = Quiet hours
notifications-quiet-hint = No notifications between these hours, in the workspace’s time zone ({ $zone }). Messages that nobody has read by then are notified afterwards. Leave empty for none.
field-inbound = { notifications-of }
field-failed = { notifications-failed }
field-with_text = { notifications-with-text }
field-quiet_from = From
field-quiet_to = To
notifications-device = On this device
notifications-device-hint = While Aloqa is open in a tab in the background.
notifications-device-script = This needs JavaScript.
notifications-denied = This browser blocks notifications from this site. You can change that in its settings.
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
notice-linked = Done: notifications from { $company } now arrive here.
