"""What a seller types into the form of new goods."""


def form(**fields):
    base = {
        "csrf_token": "test-token",
        "battery": "none",
        "title": "Ash-glazed teapot",
        "description": "Thrown by hand.",
        "hs_code": "6912.00",
        "origin_country": "JP",
        "weight_g": "780",
        "category": "teapots-l",
        "sku": "T-1",
        "stock": "4",
        "price": "8900",
    }
    return base | fields
