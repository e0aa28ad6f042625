"""What actions of the page do and come to, beyond the requests themselves: values and what fills them."""
