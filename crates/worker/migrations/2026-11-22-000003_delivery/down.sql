DROP TABLE delivery.dead_letters, delivery.notifications;
