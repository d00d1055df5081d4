### English: the texts of the feature module `search`.

## Spotlight

chat-find = Search in this chat
chat-find-place = { $number } of { $count }
chat-find-older = Earlier
chat-find-newer = Later
chat-find-close = Close search
spotlight-title = Search
spotlight-title-of = Search: { $query }
spotlight-label = Search everything
spotlight-placeholder = Clients, chats, messages, pages
spotlight-results = Results
spotlight-pages = Pages
spotlight-actions = Actions
spotlight-messages = Messages
spotlight-recent = Recent
spotlight-outbound = You:
spotlight-more = Show more
spotlight-all = Show all results
spotlight-back = Back to all results
spotlight-none = Nothing found
spotlight-none-hint = Try the beginning of a word, part of a name or of a phone number.
spotlight-failed = The server did not respond. Try again.
spotlight-close = Close
spotlight-key-choose = choose
spotlight-key-open = open
spotlight-key-tab = in a new tab
spotlight-count = { $count ->
    [0] Nothing found
    [one] { $count } result
   *[other] { $count } results
}
