"""Strong customer authentication of single acts: asked, given by the customer, used once."""
