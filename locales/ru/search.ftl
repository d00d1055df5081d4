### Russian: the texts of the feature module `search`.

## Spotlight

chat-find = Поиск в этом чате
chat-find-place = { $number } из { $count }
chat-find-older = Раньше
chat-find-newer = Позже
chat-find-close = Закрыть поиск
spotlight-title = Поиск
spotlight-title-of = Поиск: { $query }
spotlight-label = Искать везде
spotlight-placeholder = Клиенты, чаты, сообщения, страницы
spotlight-results = Результаты
spotlight-pages = Страницы
spotlight-actions = Действия
spotlight-messages = Сообщения
spotlight-recent = Недавние
spotlight-outbound = Вы:
spotlight-more = Показать ещё
spotlight-all = Показать все результаты
spotlight-back = Ко всем результатам
spotlight-none = Ничего не найдено
spotlight-none-hint = Попробуйте начало слова, часть имени или номера телефона.
spotlight-failed = Сервер не ответил. Попробуйте ещё раз.
spotlight-close = Закрыть
spotlight-key-choose = выбрать
spotlight-key-open = открыть
spotlight-key-tab = в новой вкладке
spotlight-count = { $count ->
    [0] Ничего не найдено
    [one] { $count } результат
    [few] { $count } результата
   *[other] { $count } результатов
}
