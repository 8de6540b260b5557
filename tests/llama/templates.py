"""Chat templates: how messages become the one text a model reads."""

#: Messages one after the other; the assistant's turn is opened at the end.
PLAIN = (
    "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}</s>\n{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)
#: The same for a model that thinks first: its turn begins inside the thought.
THINKING = (
    "{% for m in messages %}{{ m['role'] }}: "
    "{% if m['reasoning_content'] %}<think>\n{{ m['reasoning_content'] }}\n</think>\n{% endif %}"
    "{{ m['content'] }}</s>\n{% endfor %}{% if add_generation_prompt %}assistant: <think>\n{% endif %}"
)
